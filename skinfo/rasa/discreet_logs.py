"""Logs that cannot hold what people write, whoever logs.

Libraries put values into their messages and errors: a database its parameters, a client the
answer it got, a traceback the text that broke it. Once people are being answered, of a library's
record only its place and the kinds of its errors are kept. Our own messages hold no text.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

_OURS = ("skinfo", "actions")
_EVENT_NAME = re.compile(r"[a-z_]+(?:\.[a-z_]+)+\Z")
_serving = False


def log_to_stderr() -> None:
    """Show warnings and errors of a server's process; Rasa itself shows none unless its command runs it."""
    logging.basicConfig(
        level=logging.WARNING,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


def be_discreet() -> None:
    """From now on libraries' messages are cut down; call once people can write."""
    global _serving
    if _serving:
        return
    _serving = True
    make_record = logging.getLogRecordFactory()

    def make_discreet(*args: Any, **values: Any) -> logging.LogRecord:
        record = make_record(*args, **values)
        if record.name.split(".", 1)[0] not in _OURS:
            record.msg = f"{record.module}:{record.lineno}{_kinds(record)}"
            record.args = None
            record.exc_info = record.exc_text = record.stack_info = None
        elif record.exc_info:
            record.msg, record.args = f"{record.getMessage()}{_kinds(record)}", None
            record.exc_info = record.exc_text = None
        return record

    logging.setLogRecordFactory(make_discreet)
    sys.excepthook = _discreet_hook
    threading.excepthook = lambda args: _discreet_hook(
        args.exc_type, args.exc_value or Exception(), args.exc_traceback
    )


def discreet_event(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor for structlog: the event's name alone, where it is one."""
    if not _serving:
        return event
    name = event.get("event")
    error = event.get("exc_info")
    kind = type(sys.exc_info()[1]).__name__ if error is True else ""
    return {"event": name if isinstance(name, str) and _EVENT_NAME.match(name) else "event", "error": kind}


def _kinds(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return f" {_described(error)}" if error is not None else ""


def _described(error: BaseException) -> str:
    """An error's kind and where it was raised, and those of its causes; not what it says."""
    parts, seen = [], 0
    current: BaseException | None = error
    while current is not None and seen < 5:
        frames = traceback.extract_tb(current.__traceback__)
        at = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        parts.append(f"{type(current).__name__}{at}")
        current, seen = current.__cause__ or current.__context__, seen + 1
    return "; from ".join(parts)


def _discreet_hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    print(f"stopped: {_described(error)}", file=sys.stderr)
