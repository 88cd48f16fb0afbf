"""What someone says of a report (its sidecar, options, the body of a request) to facts; and what a correction changes.

`Said` holds what may be said and checks it; it is the same for all who say it. `sidecar.py` adds the password.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from rag.catalog.facts import NAMES, REQUIRED
from rag.context import context_line
from rag.domain import Fact, FactName, Language, Origin, Report, ReportType
from rag.errors import UsageError
from rag.publishers import Publishers

_NOT_ONE_LINE = ("Cc", "Cs", "Zl", "Zp")
_MOST_SHOWN = 40  # characters of a wrong value in an error
_MOST_FAULTS = 3  # that an error names


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) in _NOT_ONE_LINE for char in text):
        raise PydanticCustomError("one_line", "expected one line of text without control characters")
    return text


def _day(value: object) -> object:
    """Only YYYY-MM-DD: pydantic would take seconds since 1970, too."""
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("day", "expected a day of the calendar as YYYY-MM-DD")


def _no_semicolon(text: str) -> str:
    if ";" in text:
        raise PydanticCustomError("semicolon", "expected one name without a semicolon")
    return text


_TITLE = StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
_SHORT = StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
_Title = Annotated[str, _TITLE, AfterValidator(_one_line)]
_Short = Annotated[str, _SHORT, AfterValidator(_one_line)]
_Day = Annotated[date, BeforeValidator(_day)]
_Names = Annotated[list[Annotated[_Short, AfterValidator(_no_semicolon)]], Field(max_length=50)]


class Said(BaseModel):
    """What may be said of a report. What was not given is not in `model_fields_set`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: _Title | None = None
    publisher: _Short | None = Field(default=None, description="Any name; a known one becomes its canonical form.")
    published: _Day | None = Field(default=None, description="YYYY-MM-DD.")
    language: Language | None = None
    type: ReportType | None = None
    analysts: _Names | None = None
    company: _Short | None = None
    ticker: _Short | None = None
    rating: _Short | None = None
    target_price: _Short | None = None
    form: _Short | None = None
    fiscal_period: _Short | None = None


# --- to facts --------------------------------------------------------------------------------------------------------


def said_by_user(values: Mapping[str, object]) -> Said:
    """Values by field name; UsageError names each that does not fit."""
    try:
        return Said.model_validate(dict(values))
    except ValidationError as exc:
        raise UsageError(told(exc)) from exc


def user_facts(said: Said, publishers: Publishers) -> tuple[Fact, ...]:
    """One fact for each field that was given; None, an empty list: the field is to be empty. UsageError if it cannot."""
    lost = [name for name in REQUIRED if name in said.model_fields_set and getattr(said, name) is None]
    if lost:
        raise UsageError(f"{lost[0]} cannot be cleared: a report always has one; give the right one")
    return tuple(_fact(said, name, "user", publishers) for name in NAMES if name in said.model_fields_set)


def sidecar_facts(said: Said, publishers: Publishers) -> tuple[Fact, ...]:
    """One fact for each field that has a value; None and an empty list say nothing."""
    return tuple(_fact(said, name, "sidecar", publishers) for name in NAMES if getattr(said, name))


def _fact(said: Said, name: FactName, origin: Origin, publishers: Publishers) -> Fact:
    value: str | date | list[str] | None = getattr(said, name)
    if isinstance(value, list):
        text = "; ".join(value)
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = _canonical(value, publishers) if name == "publisher" and value else value or ""
    return Fact(name, text, 1.0, None, origin)


def _canonical(name: str, publishers: Publishers) -> str:
    try:
        return publishers.canonical(name)
    except UsageError:  # not in the list, or an alias of several
        return name


# --- what does not fit -----------------------------------------------------------------------------------------------


def told(error: ValidationError, keys: Iterable[str] = NAMES) -> str:
    """The first faults in one line, misspelt keys first: key, what was expected, what came; never a password.

    `keys` are those there are.
    """
    details = sorted(error.errors(include_url=False), key=lambda detail: detail["type"] != "extra_forbidden")
    more = f"; and {len(details) - _MOST_FAULTS} more" if len(details) > _MOST_FAULTS else ""
    return "; ".join(_fault(detail, keys) for detail in details[:_MOST_FAULTS]) + more


def _fault(detail: ErrorDetails, keys: Iterable[str]) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"unknown key {_shown(key)}: expected {', '.join(keys)}"
    wanted = re.sub(r"^(?:Input|String|List) should (?:be|have) (?:a valid )?", "expected ", detail["msg"])
    return f"{key}: {wanted}" + ("" if key == "password" else f", found {_shown(detail['input'])}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


# --- what it changes -------------------------------------------------------------------------------------------------


def changed_fields(before: Report, after: Report) -> tuple[FactName, ...]:
    """The fields that have another value."""
    return tuple(name for name in NAMES if getattr(before, name) != getattr(after, name))


def moves_points(before: Report, after: Report) -> bool:
    """Whether the line in front of every indexed text is another one."""
    return context_line(before) != context_line(after)


def stale_reason(before: Report, after: Report) -> str | None:
    """Why a digest of before no longer fits, None if it does: it names what the line names, and is in the language."""
    if before.language == after.language and not moves_points(before, after):
        return None
    return f"corrected: {', '.join(changed_fields(before, after))}"
