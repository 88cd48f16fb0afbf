"""Structured log lines on standard error, and a timer for the stages of the read and write ways."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}


def configure_logging(level: str) -> None:
    """Send events at or above `level` to standard error, as `key=value` lines."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS.get(level.upper(), logging.WARNING)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


@contextmanager
def stage(name: str, **facts: object) -> Iterator[None]:
    """Log one event with the milliseconds the block took; facts must hold no text of pages and no secret."""
    started = time.perf_counter()
    try:
        yield
    finally:
        structlog.get_logger().info("stage", stage=name, ms=round((time.perf_counter() - started) * 1000, 1), **facts)
