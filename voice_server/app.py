"""The web application: the API's routers over an open assembly, and the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from starlette.middleware.base import BaseHTTPMiddleware

from storage.faults import NotFound
from voice_server import __version__
from voice_server.api import audit, calls, health, library, offer, people, session
from voice_server.api.errors import install_errors
from voice_server.assembly import Assembly

PAGE = Path(__file__).parent.parent / "web" / "dist"
"""The built page; `make run` builds it."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(assembly: Assembly | None = None) -> FastAPI:
    """The application over what is open. Without an assembly it only describes itself."""
    app = FastAPI(title="Voice server", version=__version__, docs_url=None, redoc_url=None)
    if assembly is not None:
        app.state.assembly = assembly
        app.state.stores = assembly.stores
        app.state.library = assembly.library
        app.state.upload_limit_bytes = assembly.settings.http.upload_limit_mb * 1024 * 1024
        app.state.switchboard = assembly.switchboard
    app.add_middleware(BaseHTTPMiddleware, dispatch=_secured)
    install_errors(app)
    for router in (
        session.router,
        people.router,
        calls.router,
        library.router,
        audit.router,
        offer.router,
        health.router,
    ):
        app.include_router(router)
    app.add_api_route("/{path:path}", _page, include_in_schema=False)
    return app


async def _secured(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers.update(SECURITY_HEADERS)
    if request.url.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _page(path: str) -> FileResponse:
    """The page's files; any other address is the page itself, which finds its own way."""
    if path.startswith("api/") or path == "api":
        raise NotFound("route.unknown", "There is nothing at this address.")
    file = (PAGE / path).resolve()
    if path and file.is_relative_to(PAGE) and file.is_file():
        cached = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return FileResponse(file, headers={"Cache-Control": cached})
    index = PAGE / "index.html"
    if not index.is_file():
        raise NotFound("page.not_built", "The page has not been built.", remedy="Run: make web")
    return FileResponse(index, headers={"Cache-Control": "no-cache"})
