"""Structured log lines on standard error; and what travels with a call through all layers: its end, its tokens."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

import structlog

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}
TokensSeen = Callable[[int, int], None]
"""Called with the tokens given to an LLM and written by it."""

_cancel: ContextVar[threading.Event | None] = ContextVar("cancel", default=None)
_tokens_seen: ContextVar[TokensSeen | None] = ContextVar("tokens_seen", default=None)


def configure_logging(level: str, form: Literal["text", "json"] = "text") -> None:
    """Send events at or above `level` to standard error, as `key=value` lines or as JSON."""
    shape: structlog.typing.Processor = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], bool_as_flag=False
    )
    if form == "json":
        shape = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS.get(level.upper(), logging.WARNING)),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the present one, whoever has replaced it
        cache_logger_on_first_use=False,
    )


@contextmanager
def call(cancel: threading.Event, tokens_seen: TokensSeen | None = None) -> Iterator[None]:
    """Let what runs inside end when `cancel` is set, and tell of its tokens."""
    ended, told = _cancel.set(cancel), _tokens_seen.set(tokens_seen)
    try:
        yield
    finally:
        _cancel.reset(ended)
        _tokens_seen.reset(told)


def cancel_event() -> threading.Event | None:
    """The event that ends the present call."""
    return _cancel.get()


def is_cancelled() -> bool:
    """Whether the present call was ended: nobody waits for what it makes."""
    event = _cancel.get()
    return event is not None and event.is_set()


def tell_tokens(given: int, written: int) -> None:
    """An LLM was called within the present call."""
    seen = _tokens_seen.get()
    if seen is not None:
        seen(given, written)
