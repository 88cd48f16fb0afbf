"""A file of JSON lines to checked objects: every fault is told with its file and line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rag.errors import UsageError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the label file, and where it stands."""

    file: Path
    number: int
    values: dict[str, object]

    def fault(self, reason: str) -> UsageError:
        return UsageError(f"{self.file}:{self.number}: {reason}")

    def get(self, key: str, kind: type[_T], meaning: str) -> _T:
        """The value of a key that must be there, checked for its type (a bool is no number)."""
        if key not in self.values:
            raise self.fault(f"the key {key!r} is missing: give {meaning}")
        value = self.values[key]
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise self.fault(f"{key!r} is {shown(value)}: give {meaning}")
        return value

    def text(self, key: str) -> str:
        value = self.get(key, str, "a text")
        if not value.strip():
            raise self.fault(f"{key!r} is empty: give a text")
        return value

    def optional_text(self, key: str) -> str | None:
        return None if key in self.values and self.values[key] is None else self.get(key, str, "a text or null")


def read_lines(file: Path, hint: str) -> list[Line]:
    """The objects of a file of JSON lines. UsageError names the line; `hint` says what to give where there is no file."""
    try:
        raw = file.read_bytes()
    except OSError as exc:
        raise UsageError(f"{file} cannot be read ({exc.strerror}): {hint}") from exc
    lines: list[Line] = []
    for number, row in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not row.strip():
            continue
        try:
            values = json.loads(row.decode())
        except ValueError as exc:  # no JSON, or no UTF-8
            raise UsageError(f"{file}:{number}: no JSON object in UTF-8: {exc}") from exc
        if not isinstance(values, dict):
            raise UsageError(f"{file}:{number}: {shown(values)} is no JSON object: write one a line")
        lines.append(Line(file, number, values))
    return lines


def shown(value: object) -> str:
    """A value as it stands in the file, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."
