"""Answers kept while the library stays as it is: in the process, and shared through Redis."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.faults import StoreDown
from storage.keyvalue import KeyValue

Value = TypeVar("Value")
SHARED_LIFE_S = 3600


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often something asked for was kept already."""

    hits: int
    misses: int


class Recent(Generic[Value]):
    """The most recently used values, at most `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[object, Value] = OrderedDict()
        self._hits = self._misses = 0

    def get(self, key: object) -> Value | None:
        value = self._values.get(key)
        if value is None:
            self._misses += 1
        else:
            self._hits += 1
            self._values.move_to_end(key)
        return value

    def put(self, key: object, value: Value) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)

    def clear(self) -> None:
        self._values.clear()

    @property
    def rate(self) -> HitRate:
        return HitRate(self._hits, self._misses)


class Shared:
    """Values shared by all servers. A store that does not answer is a miss. Questions stand in
    keys only as a hash."""

    def __init__(self, store: KeyValue | None) -> None:
        self._store = store
        self._hits = self._misses = 0

    async def get(self, kind: str, *key: object) -> bytes | None:
        if self._store is None:
            return None
        try:
            value = await self._store.get(_hashed(kind, key))
        except StoreDown:
            value = None
        if value is None:
            self._misses += 1
        else:
            self._hits += 1
        return value

    async def put(self, kind: str, *key: object, value: bytes) -> None:
        if self._store is not None:
            try:
                await self._store.set(_hashed(kind, key), value, life_s=SHARED_LIFE_S)
            except StoreDown:
                return

    @property
    def rate(self) -> HitRate:
        return HitRate(self._hits, self._misses)


def _hashed(kind: str, key: tuple[object, ...]) -> str:
    return f"library:{kind}:{hashlib.sha256(repr(key).encode()).hexdigest()}"
