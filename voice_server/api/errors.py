"""Every failure leaves the API as `{code, sentence, remedy, field}`, with its Fault's status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from loguru import logger
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.faults import Busy, Fault, Invalid, NotFound, NotSignedIn


def install_errors(app: FastAPI) -> None:
    """Let `app` answer with our shape of error, whatever goes wrong."""
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(_RequestBoundary)


def fault_response(fault: Fault) -> JSONResponse:
    """The answer that tells a person about this fault."""
    headers = {}
    if isinstance(fault, Busy):
        headers["Retry-After"] = str(fault.retry_after_s)
    if isinstance(fault, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        {
            "code": fault.code,
            "sentence": fault.sentence,
            "remedy": fault.remedy,
            "field": fault.field,
        },
        fault.status,
        headers,
    )


async def _fault(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Fault)  # noqa: S101 - registered for this class
    return fault_response(error)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    first = error.errors()[0]
    field = _field(first["loc"])
    # What was sent is not repeated: it can be a password, or what a patient said.
    return fault_response(
        Invalid(
            "request.invalid",
            f"{field}: {first['msg']}." if field else "The request could not be understood.",
            field=field,
            remedy="Please correct it and send it again.",
        )
    )


def _field(location: Sequence[Any]) -> str:
    """The name of the part to mend; a body that is no JSON at all has none."""
    return ".".join(str(part) for part in location[1:] if isinstance(part, str))


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    if error.status_code == 404:
        return fault_response(NotFound("route.unknown", "There is nothing at this address."))
    response = _http_response(error.status_code)
    response.headers.update(error.headers or {})
    return response


def _http_response(status: int) -> JSONResponse:
    fault = Fault(f"http.{status}", _SENTENCES.get(status, _NOT_POSSIBLE))
    fault.status = status
    return fault_response(fault)


_NOT_POSSIBLE = "This request is not possible."
_SENTENCES = {
    400: "The request could not be understood.",
    405: "This cannot be done here.",
    413: "That is too large.",
}


class _RequestBoundary:
    """Answers for whatever a route did not foresee. It stands inside starlette's own boundary,
    which would log the exception's text: that can quote what somebody said."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = replaced = False

        async def sending(message: Message) -> None:
            nonlocal begun, replaced
            begun = True
            if message["type"] == "http.response.start" and _is_plain_413(message):
                replaced = True
                await _http_response(413)(scope, receive, send)
            elif not replaced:
                await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            logger.error("{} failed: {}", _route(scope), _kind(error))
            if begun or scope["type"] != "http":
                # Too late for an answer: the server closes the connection.
                raise ConnectionAbortedError from None
            await fault_response(_UNEXPECTED)(scope, receive, send)


def _is_plain_413(message: Message) -> bool:
    """The framework's limit on bodies answers in plain text."""
    return message["status"] == 413 and any(
        name == b"content-type" and value.startswith(b"text/plain")
        for name, value in message["headers"]
    )


_UNEXPECTED = Fault(
    "server.error",
    "Something went wrong on the server.",
    remedy="Please try again. If it happens again, tell an administrator.",
)


def _route(scope: Scope) -> str:
    return f"{scope.get('method', '')} {getattr(scope.get('route'), 'path', '')}"


def _kind(error: Exception) -> str:
    """The exception's type and the line it came from, never its text."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    line = f" at {where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else ""
    return type(error).__name__ + line
