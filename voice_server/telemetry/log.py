"""One log, on standard error. What people say never reaches it: messages that pipecat writes are
reduced to where they came from, because they may quote speech."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

FORMAT = "{time:YYYY-MM-DD HH:mm:ss.SSS} {level: <7} {message}"
_QUIET = ("aioice", "aiortc", "httpx", "httpx2", "httpcore", "alembic", "procrastinate", "asyncio")


class _IntoOneLog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            # The kind of an exception is ours to log; its text may quote what was said.
            message = f"{message} ({record.exc_info[0].__name__})"
        logger.log(
            record.levelname if record.levelno <= logging.CRITICAL else "CRITICAL",
            "{}: {}",
            record.name,
            message,
        )


def open_log(level: str) -> None:
    """Send every record of `level` and above to standard error, in one format."""
    logger.remove()
    logger.add(
        sys.stderr,
        level=level,
        format=_line,
        filter=_worth_a_line,
        backtrace=False,
        diagnose=False,
        catch=True,
    )
    logging.basicConfig(handlers=[_IntoOneLog()], level=level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True


def _worth_a_line(record: Record) -> bool:
    return not _from_pipecat(record) or record["level"].no >= logging.WARNING


def _line(record: Record) -> str:
    if _from_pipecat(record):
        record["extra"]["where"] = f"{record['name']}:{record['line']}"
        return FORMAT.replace("{message}", "{extra[where]} reported a problem") + "\n"
    return FORMAT + "\n"


def _from_pipecat(record: Record) -> bool:
    return (record["name"] or "").startswith("pipecat")
