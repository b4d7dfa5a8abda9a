"""A server that says back what it hears, on a real port: what a caller needs, and no more."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import soxr
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signaling.browser_leg import BrowserLeg
from signaling.offers import Offer
from storage.faults import Fault
from tests.signaling.clients import LOOPBACK


class EchoServer:
    """Echoes each caller's voice after `delay_frames` of 20 ms, and acknowledges client-ready."""

    def __init__(self, delay_frames: int = 5) -> None:
        self.legs: dict[str, BrowserLeg] = {}
        self.states: list[str] = []
        self.messages: list[dict[str, Any]] = []
        self.url = ""
        self._delay = delay_frames

    async def session(self, request: Request) -> Response:
        body = await request.json()
        if body["password"] != "right":
            return _refused(401, "session.wrong", "The address or the password is wrong.")
        return JSONResponse({"access_token": "token"})

    async def offer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != "Bearer token":
            return _refused(401, "session.none", "Please sign in.")
        body = await request.json()
        if body.get("request_data", {}).get("busy"):
            busy = _refused(503, "calls.busy", "All lines are in use.")
            busy.headers["Retry-After"] = "7"
            return busy
        leg = self.legs.get(body.get("pc_id", "")) or self._new_leg()
        try:
            answer = await leg.connect(Offer(body["sdp"], body["type"]))
        except Fault as fault:
            await leg.close()
            return _refused(fault.status, fault.code, fault.sentence)
        self.legs[answer.pc_id] = leg
        return JSONResponse({"sdp": answer.sdp, "type": answer.type, "pc_id": answer.pc_id})

    async def hang_up(self, request: Request) -> Response:
        await self.legs.pop(request.path_params["pc_id"]).close()
        return Response(status_code=204)

    def _new_leg(self) -> BrowserLeg:
        waiting: deque[bytes | None] = deque([None] * self._delay, maxlen=100)

        def hear(pcm: bytes, at_ms: int, concealed: bool) -> None:
            samples = np.frombuffer(pcm, np.int16)
            louder = soxr.resample(samples, 16_000, 24_000)
            waiting.append(np.resize(louder, 480).astype("<i2").tobytes())

        def receive(message: dict[str, Any]) -> None:
            self.messages.append(message)
            if message.get("type") == "client-ready":
                leg.send({"label": "rtvi-ai", "type": "bot-ready", "data": {}})

        leg = BrowserLeg(
            on_audio=hear,
            speak=lambda: waiting.popleft() if waiting else None,
            on_message=receive,
            on_state=self.states.append,
            interfaces=LOOPBACK,
        )
        return leg


@asynccontextmanager
async def echo_server() -> AsyncIterator[EchoServer]:
    """Listening on a free loopback port inside the block."""
    echo = EchoServer()
    routes = [
        Route("/api/session", echo.session, methods=["POST"]),
        Route("/api/offer", echo.offer, methods=["POST"]),
        Route("/api/offer/{pc_id}", echo.hang_up, methods=["DELETE"]),
    ]
    listener = socket.create_server(("127.0.0.1", 0))
    echo.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off", loop="none")
    server = uvicorn.Server(config)
    serving = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
    try:
        yield echo
    finally:
        for leg in list(echo.legs.values()):
            await leg.close()
        server.should_exit = True
        await serving
        listener.close()


def _refused(status: int, code: str, sentence: str) -> Response:
    body = {"code": code, "sentence": sentence, "remedy": "", "field": ""}
    return JSONResponse(body, status_code=status)
