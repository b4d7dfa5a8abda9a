"""Lets procrastinate work on a connection of our own pool, inside our own transactions."""

from __future__ import annotations

import re
from typing import Any

from procrastinate.connector import BaseAsyncConnector

_NAMED = re.compile(r"%\((\w+)\)s")


class ConnectionConnector(BaseAsyncConnector):
    """procrastinate's connector over one asyncpg connection. It opens and closes nothing."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def execute_query_async(self, query: str, **arguments: Any) -> None:
        """Run a query whose parameters are `%(name)s`."""
        await self.execute_query_all_async(query, **arguments)

    async def execute_query_one_async(self, query: str, **arguments: Any) -> dict[str, Any]:
        """The first row."""
        return (await self.execute_query_all_async(query, **arguments))[0]

    async def execute_query_all_async(self, query: str, **arguments: Any) -> list[dict[str, Any]]:
        """All rows."""
        names = list(dict.fromkeys(_NAMED.findall(query)))
        numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", query)
        statement = await self._connection.prepare(numbered)
        values = [
            # An interval is put together from text.
            str(arguments[name])
            if kind.name == "text" and arguments[name] is not None
            else arguments[name]
            for name, kind in zip(names, statement.get_parameters(), strict=True)
        ]
        return [dict(row) for row in await statement.fetch(*values)]
