"""Where a leaf of a list ended, and what was asked for, in; a cursor for the next leaf out, and back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from rag.errors import UsageError

_LONGEST = 500
_Place = TypeVar("_Place")


def make_cursor(asked: Mapping[str, object], place: Sequence[str | int | None]) -> str:
    """A cursor that is good for the same question alone."""
    text = json.dumps([_mark(asked), *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, asked: Mapping[str, object], parse: Callable[..., _Place]) -> _Place | None:
    """What `parse` makes of the parts of the place; None without a cursor.

    UsageError for one that is none or was given for another question. Anyone can write a cursor: `parse` raises
    ValueError or TypeError for what is no place.
    """
    if cursor is None:
        return None
    try:
        if len(cursor) > _LONGEST or not cursor.isascii():
            raise ValueError
        parts: Any = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        mark, *place = parts
        if mark == _mark(asked):
            return parse(*place)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as exc:
        raise UsageError("the cursor is none that this server gave: begin without one") from exc
    raise UsageError("the cursor belongs to another query: keep all other parameters as they were, or begin anew")


def whole_number(number: int) -> int:
    """A place that is a number of a table."""
    if not 0 <= number < 1 << 62:
        raise ValueError
    return int(number)


def _mark(asked: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:12]
