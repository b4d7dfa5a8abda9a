"""Passages to vectors in a process of its own, which yields the processor to calls.

A thread that holds Python's lock while it waits for the processor makes every call wait with it;
a process holds nothing of the server's. It starts with the first texts and ends when none have come
for a while. Run as a module it answers each line of standard input, a JSON list of texts, with
their vectors: `python -m rag.minilm_process MODEL TOKENIZER`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.minilm_encode import WIDTH, Encode
from storage.faults import EngineDown

NICENESS = 10
IDLE_S = 30.0
"""How long the process, some 100 MB, waits for more texts before it ends."""

Vectors = NDArray[np.float32]


class EncoderProcess:
    """Encodes some texts at a time, in the order they were asked for."""

    def __init__(self, model: Path, tokenizer: Path, idle_s: float) -> None:
        self._command = (sys.executable, "-m", "rag.minilm_process", str(model), str(tokenizer))
        self._idle_s = idle_s
        self._process: Process | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._killed = False
        self._turn = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether the process is there at the moment."""
        return self._process is not None and self._process.returncode is None and not self._killed

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), WIDTH]. Raises EngineDown when the process dies over them."""
        async with self._turn:
            if self._ending is not None:
                self._ending.cancel()
            try:
                vectors = await self._exchange(texts)
            except (OSError, asyncio.IncompleteReadError) as error:
                await self.end()
                raise EngineDown(
                    "embedder.died", "The sentence encoder ended before it had answered."
                ) from error
            except asyncio.CancelledError:
                await self.end()  # What it still answers belongs to nobody.
                raise
            self._ending = asyncio.get_running_loop().call_later(self._idle_s, self._kill)
            return vectors

    async def end(self) -> None:
        """End the process and wait for it."""
        if self._ending is not None:
            self._ending.cancel()
        self._kill()
        if self._process is not None:
            await self._process.wait()
        self._process, self._killed = None, False

    async def _exchange(self, texts: Sequence[str]) -> Vectors:
        if self._process is None or not self.running:
            await self.end()
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL
            )
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise BrokenPipeError
        into.write(json.dumps(list(texts)).encode() + b"\n")
        await into.drain()
        answer = await out.readexactly(len(texts) * WIDTH * 4)
        return np.frombuffer(answer, np.float32).reshape(len(texts), WIDTH)

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            self._killed = True


@asynccontextmanager
async def open_encoder_process(
    model: Path, tokenizer: Path, *, idle_s: float = IDLE_S
) -> AsyncIterator[EncoderProcess]:
    """The process, not started before it is needed."""
    encoder = EncoderProcess(model, tokenizer, idle_s)
    try:
        yield encoder
    finally:
        await encoder.end()


def main(model: str, tokenizer: str) -> None:
    os.nice(NICENESS)
    encode = Encode(Path(model), Path(tokenizer))
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(encode(json.loads(line)).tobytes())
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
