"""What the calls of one answer to an LLM may still take, and what they took so far."""

from __future__ import annotations

import time

from rag.domain import Usage

_MILLION = 1_000_000


class Meter:
    """One end for all calls; calls and tokens are counted as they come. Prices are those of a million tokens."""

    def __init__(self, seconds: float, price_given: float = 0.0, price_written: float = 0.0) -> None:
        self._end = time.monotonic() + seconds
        self._prices = (price_given, price_written)
        self._calls = self._given = self._written = 0

    @property
    def left(self) -> float:
        """Seconds until the common end."""
        return self._end - time.monotonic()

    def call(self) -> None:
        """A request is sent."""
        self._calls += 1

    def count(self, given: int, written: int) -> None:
        """The endpoint told what a call took."""
        self._given += given
        self._written += written

    @property
    def usage(self) -> Usage:
        cost = (self._given * self._prices[0] + self._written * self._prices[1]) / _MILLION
        return Usage(self._calls, self._given, self._written, round(cost, 6))
