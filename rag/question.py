"""A question to what it asks for: its language, the publishers, companies, periods, terms, days and kinds of report it
names, and what it limits itself to. Needs no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rag.breadth import wants_breadth
from rag.companies import Companies, uncovered
from rag.domain import LANGUAGES, Filter, Understood, Window
from rag.errors import UsageError
from rag.kinds import AskedKind, find_kinds
from rag.lexicon import Lexicon
from rag.measures import asked_units, stated_numbers
from rag.only import Named, Only, find_except, find_languages, find_only
from rag.periods import find_periods
from rag.publishers import Publishers
from rag.statements import Statements
from rag.text import fold, language_of
from rag.windows import FoundWindow, find_window

LONGEST = 2000
_TRADE = re.compile(
    r"(?:证券|研究所|研究院|国际|股份有限公司|有限公司|\s*\b(?:securities|research|capital|partners|group|inc|ltd|plc)\b\.?)+$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"([^\"]{2,100})\"|“([^“”]{2,100})”|「([^「」]{2,100})」|《([^《》]{2,100})》")
_NO_COMPANIES = Companies(())
_NO_TERMS = Lexicon(())
_NO_STATEMENTS = Statements({}, {})


def understand(
    question: str,
    publishers: Publishers,
    today: date,
    known: Iterable[str] = (),
    companies: Companies = _NO_COMPANIES,
    lexicon: Lexicon = _NO_TERMS,
    statements: Statements = _NO_STATEMENTS,
) -> Understood:
    """`known` are the publishers of the catalog, looked for beside the alias file; `companies` those of its reports.

    UsageError if the question is blank or over-long.
    """
    text = checked(question)
    folded = fold(text)
    named = _houses(folded, publishers, known)
    besides = find_except(folded, named)
    houses = [house for house in named if not (besides and house in besides.names)]
    kinds = find_kinds(folded)
    window = find_window(folded, today, house_named=bool(houses))
    only = find_only(folded, (*houses, *_other_names(folded, kinds, window)))
    kept_to = window if window and only and any(name.what == "days" for name in only.names) else None
    said = [part for part in (only, besides, None if window and window.on_pages else window) if part]
    placed = text if len(folded) == len(text) else folded
    topic = _without(placed, said) if said else text
    asked_of = _without(placed, [besides]) if besides else text
    mentioned = tuple(dict.fromkeys(house.value for house in houses))
    covered = companies.find(asked_of)
    terms = lexicon.find(topic)
    return Understood(
        question=text,
        language=language_of(text),
        topic=topic,
        mentioned=mentioned,
        companies=covered,
        periods=tuple(map(str, find_periods(_without(folded, [window] if window else []), today))),
        terms=terms,
        statements=statements.asked(topic, terms),
        limits=_limits(kept_to, only, besides),
        window=Window(window.since, window.until, window.firm) if window and not kept_to else None,
        kinds=tuple(kind.name for kind in kinds),
        numbers=stated_numbers(topic),
        units=asked_units(folded),
        quoted=tuple(" ".join(filter(None, match.groups())) for match in _QUOTED.finditer(text)),
        uncovered=uncovered(asked_of, companies),
        unnamed=companies.without_names(companies.without_codes(text)),
        compares=wants_breadth(folded, len(set(map(_core, mentioned))), len(covered)),
    )


def checked(question: str) -> str:
    """The question on one line; UsageError if it is blank or over-long."""
    text = " ".join(question.split())
    if not text:
        raise UsageError("the question is empty: ask something, for example: what does CICC say about AH premium")
    if len(text) > LONGEST:
        raise UsageError(f"the question has {len(text)} characters, at most {LONGEST} are read: shorten it")
    return text


def _houses(folded: str, publishers: Publishers, known: Iterable[str]) -> list[Named]:
    """The publishers a text names, by an alias, then those of the catalog that have none."""
    found = [Named("publisher", m.canonical, m.start, m.end) for m in publishers.find(folded)]
    for name in known:
        at = named_at(name, folded)
        if at and name not in {house.value for house in found}:
            found.append(Named("publisher", name, *at))
    return found


def _other_names(folded: str, kinds: Sequence[AskedKind], window: FoundWindow | None) -> Iterator[Named]:
    """What a text may keep to beside publishers: kinds of report, their languages, days."""
    yield from (Named("kind", kind.name, kind.start, kind.end) for kind in kinds)
    yield from find_languages(folded)
    if window:
        yield Named("days", "", window.start, window.end)


def named_at(publisher: str, folded: str) -> tuple[int, int] | None:
    """Where a publisher is named, in full or without its trade words (Acme Securities: Acme)."""
    full, core = fold(publisher), _core(publisher)
    least = 2 if language_of(core) == "zh" else 4
    if len(core) < least:
        return None
    match = re.search(rf"(?<![a-z0-9])(?:{re.escape(full)}|{re.escape(core)})(?![a-z0-9])", folded)
    return match.span() if match else None


def _core(publisher: str) -> str:
    """Its folded name without trade words."""
    return _TRADE.sub("", fold(publisher)).strip()


def _limits(window: FoundWindow | None, only: Only | None, besides: Only | None) -> Filter:
    names = only.names if only else ()

    def of(what: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.value for name in names if name.what == what))

    return Filter(
        publishers=of("publisher"),
        since=window.since if window else None,
        until=window.until if window else None,
        languages=tuple(language for language in LANGUAGES if language in of("language")),
        kinds=of("kind"),
        without=tuple(dict.fromkeys(house.value for house in besides.names)) if besides else (),
    )


def _without(text: str, parts: Sequence[FoundWindow | Only]) -> str:
    """A text without its parts, which say where to look and stand on no page; whole where no word is left."""
    rest = text
    for part in parts:
        rest = rest[: part.start] + " " * (part.end - part.start) + rest[part.end :]
    rest = " ".join(rest.split()).strip(" ,，、:：")
    return rest if any(map(str.isalnum, rest)) else text
