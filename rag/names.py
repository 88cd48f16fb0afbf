"""A clause beside the segment that states its fact: whether the page speaks of somebody else there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import rjieba

from rag.numbers import is_year
from rag.segments import Segment, segments_of
from rag.text import fold, is_han, language_of, simplified
from rag.tickers import without_exchanges
from rag.wording import terms_in

_TOPIC = 3  # times that a page names what it is about
_WE = re.compile(r"公司|本集团|我们|\b(?:the company|we|our|it|its|group)\b", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][A-Za-z]*[A-Za-z0-9.&-]*")
_LATIN = re.compile(r"(?<![A-Za-z])[A-Z][a-z]{3,}(?![A-Za-z])")  # in a Chinese text
_LEADING = re.compile(r"[A-Z][A-Za-z0-9&-]*(?:\s+(?:[A-Z][A-Za-z0-9&-]*|\d[\d.]*))*")
_QUOTED = re.compile(r"[^，,。；;“”\"]{0,6}[“\"「]([^“”\"」，。]{2,16})[”\"」](?!的)")  # at the start of a clause
_CONJUNCTION = re.compile(r"(?:while|whereas|but|although|and|the|其中|同时|而|但是?)[\s,，]*", re.IGNORECASE)
_PLAIN = re.compile(r"(?<![A-Za-z-])[a-z]{3,}(?![A-Za-z])")
_CODE = re.compile(r"\b(?=[A-Za-z-]*\d)[A-Za-z][A-Za-z0-9-]*\d[A-Za-z0-9]*\b")
_NO_NAME = frozenset(
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December", "Company", "The", "In", "We", "A", "I", "RMB", "USD", "US", "EUR", "HKD", "CNY", "Group", "Total", "Net",
     "高达", "低至", "民国", "同比", "环比", "明显", "上市"}
)  # fmt: skip
_DIGITS = re.compile(r"[\d.,%]+[年月日]?")
_PERIOD_CODE = re.compile(r"(?:FY|Q[1-4]|H[12]|CY)\d*", re.IGNORECASE)
_NAME_TAGS = frozenset({"ns", "nt", "nz", "nr"})


@dataclass(frozen=True, slots=True)
class OtherName:
    """Names that the page has not, or that it has where the fact of a clause stands; `text` names the wording for them."""

    text: Literal["not_named", "of_others"]
    names: tuple[str, ...]


def other_name(clause: Segment, best: Segment, page: Sequence[Segment], page_text: str, about: str) -> OtherName | None:
    """Why the clause speaks of somebody else; None where it may speak of whom the page does.

    Names in `about` are the report's own: the page speaks of them without naming them.
    """
    own = fold(about)
    named = frozenset(name for name in _names(clause.text) if fold(name) not in own)
    known = fold(page_text)
    terms = {word for term in terms_in(clause.text) for word in term.split() if word.isascii()}
    unknown = sorted(
        name for name in named if not any(part in known for part in _parts(fold(name))) and fold(name) not in terms
    )
    if unknown:
        return OtherName("not_named", tuple(unknown))
    if all(map(is_year, clause.numbers)) or not named or best.is_cell:
        return None
    named = named - _plain_words(page_text)
    there = _names(best.text) - _plain_words(page_text)
    if not named:
        return None
    if there:
        whole = fold("".join(s.text for s in page if s.sentence == best.sentence))
        is_there = any(part in whole for name in named for part in _parts(fold(name)))
        return None if is_there or there & named else _speaks_of(there)
    before = _names_before(best, page)
    if (
        not before
        or before & named
        or _WE.search(best.text)
        or any(_times(page_text)[name] >= _TOPIC for name in named)
    ):
        return None
    return _speaks_of(before)


def leading_name(text: str, page_text: str, *, anywhere: bool) -> str | None:
    """The name that a clause begins with, after its conjunction; None where it begins with none.

    In English the first word of a sentence has a capital whatever it is: there it is a name where it has a figure or another
    capital behind or in it. `anywhere`: the clause does not begin a sentence.
    """
    if quoted := _QUOTED.match(text):
        return quoted[1]
    begun = _CONJUNCTION.sub("", text.lstrip(" \"'“‘（("))
    if language_of(begun) == "zh":
        plain = simplified(begun)
        found = [name for name in _names(plain) if plain.startswith(name)]
        return max(found, key=len, default=None)
    match = _LEADING.match(begun)
    if match is None or match[0].split()[0] in _NO_NAME:
        return None
    first = match[0].split()[0]
    is_plain = first[1:].islower() or len(first) == 1
    if not anywhere and " " not in match[0] and is_plain and not _is_name_there(first, page_text):
        return None
    return None if re.search(rf"\b{re.escape(first.lower())}\b", page_text) else match[0]


def _is_name_there(word: str, page_text: str) -> bool:
    """Whether the page has the word with a capital within a sentence."""
    return any(word in _names(segment.text) for segment in segments_of(page_text))


@lru_cache(maxsize=64)
def _plain_words(page_text: str) -> frozenset[str]:
    """The words that a page writes without a capital too, with one: in a title or the label of a row they are no names."""
    return frozenset(word.capitalize() for word in _PLAIN.findall(page_text))


def _parts(name: str) -> tuple[str, ...]:
    """A name, the first part of one with a hyphen (Norrvik-based), and the halves of a long Chinese one: two names that the
    tagger took for one."""
    if "-" in name and name.rsplit("-", 1)[1].isalpha():
        return name, name.rsplit("-", 1)[0]
    return (name, name[:2], name[2:]) if len(name) >= 4 and is_han(name[0]) else (name,)


def _names_before(best: Segment, page: Sequence[Segment]) -> frozenset[str]:
    """The names of the nearest segment before, of at most two in the same sentence: whom it goes on about."""
    before = [segment for segment in page if segment.sentence == best.sentence and segment.end <= best.start]
    return next((names for segment in reversed(before[-2:]) if (names := _names(segment.text))), frozenset())


def _speaks_of(names: frozenset[str]) -> OtherName:
    return OtherName("of_others", tuple(sorted(names)))


@lru_cache(maxsize=4096)
def _names(text: str) -> frozenset[str]:
    """Names of places, bodies and brands in Chinese; in English capitalised words within a sentence; codes (M1, GPT-4)."""
    text = without_exchanges(text)
    codes = {match[0] for match in _CODE.finditer(text)}
    if language_of(text) == "zh":
        parted = _DIGITS.sub(" ", simplified(text))
        tagged = {match[0] for match in _LATIN.finditer(text)}
        tagged |= {word for word, tag in _tagger().tag(parted) if tag in _NAME_TAGS and len(word) > 1}
        tagged -= _NO_NAME
    else:
        tagged = {match[0].rstrip(".") for match in _CAPITALISED.finditer(text)} - _NO_NAME
    return frozenset(name for name in tagged | codes if not any(map(_PERIOD_CODE.fullmatch, name.split("-"))))


@lru_cache(maxsize=64)
def _times(page_text: str) -> Counter[str]:
    """How often each name stands on the page."""
    names = {name for segment in segments_of(page_text) for name in _names(segment.text)}
    return Counter({name: simplified(page_text).count(name) for name in names})


@cache
def _tagger() -> rjieba.Jieba:
    return rjieba.Jieba()
