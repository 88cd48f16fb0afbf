"""The companies that reports cover, and a question to those of them that it names.

A company is known by its name without legal form (The Kraft Heinz Company: Kraft Heinz), by its ticker, by how its
words begin (AMD, J&J, Amex), by the first word alone where the question writes that like a name (Lockheed, CVS); a Chinese
one also by its pinyin, whole or from the beginning (Yili, Qianwei). Well-known ones also by their names in the other
language (百思买, Kweichow Moutai), from the bundled `companies.tsv`. One letter may be wrong in a long name (Neflix).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from rag.domain import Language, Report
from rag.lexicon import Concept, read_concepts
from rag.text import fold, is_han, simplified

BUNDLED = Path(__file__).with_name("companies.tsv")
_LEGAL_EN = frozenset({
    "the", "a", "inc", "incorporated", "corp", "corporation", "company", "companies", "co", "ltd", "limited",
    "plc", "llc", "lp", "nv", "sa", "ag", "se", "spa", "group", "holding", "holdings", "trust", "com", "and",
})  # fmt: skip
_LEGAL_ZH = re.compile(r"(?:(?:集团|控股|实业)?股份有限公司|有限责任公司|有限公司|集团|控股|股份)$")
_GENERIC = frozenset({  # first words of many names, and words of any text
    "american", "advanced", "applied", "associated", "bank", "best", "capital", "central", "china",
    "consolidated", "digital", "eastern", "energy", "first", "federal", "general", "global", "golden", "great",
    "hong", "international", "national", "new", "north", "northern", "old", "pacific", "royal", "south",
    "southern", "standard", "state", "super", "union", "united", "universal", "us", "west", "western", "world",
})  # fmt: skip
_WORD = re.compile(r"[A-Za-z0-9]+(?:[.&'’-][A-Za-z0-9]+)*|&")
_CODE = re.compile(r"[(（]?\s*(?<!\d)(\d{4,6})(?!\d)(?:[.．\s]?(?:SZ|SH|SS|BJ|CH|HK|TW|TT)\b)?\s*[)）]?", re.IGNORECASE)
_AND = ("&", "and")
_LONGEST = 6  # words of a name
_LEAST_FIRST = 3
_LEAST_PINYIN = 4  # letters
_LEAST_UNCOVERED = 3  # characters of the name of a company that no report covers
_LONGEST_SHORT = 6  # letters of an abbreviation
_LEAST_MISSPELT = 6  # letters of a name that is known with one of them wrong

_Words = tuple[str, ...]


class Companies:
    """Names of companies; those that differ in legal form alone are one, under the name met first."""

    def __init__(self, named: Iterable[tuple[str, str | None]], known: Iterable[Concept] = ()) -> None:
        """`named` are pairs of a company's name and its ticker, if that is known; `known` companies by all their names."""
        self._of_core: dict[str, str] = {}
        self._words: dict[_Words, str] = {}
        self._first: dict[str, set[str]] = {}
        self._han: dict[str, str] = {}
        for name, ticker in named:
            company = self._of_core.setdefault(_core(name), name)
            base = ticker.split(".")[0].split()[0].lower() if ticker and ticker.strip() else ""
            if len(base) > 1:
                self._words.setdefault((base,), company)
            if is_han(name[0]):
                self._han.setdefault(_core(name), company)
                continue
            words = tuple(_core(name).split())
            if words:
                self._words.setdefault(words, company)
                self._first.setdefault(words[0], set()).add(company)
        self._han_names = dict(self._han)
        for concept in known:
            self._add_names(concept)

    def _add_names(self, concept: Concept) -> None:
        """To a company that goes by one of a concept's names all its other ones; of several that do, the first stands for all."""
        owners = [found for name in (*concept.zh, *concept.en) if (found := self._owner(name))]
        if not owners:
            return
        owner = owners[0]
        for other in owners[1:]:
            self._rename(other, owner)
        for name in concept.zh:
            self._han_names.setdefault(_core(name), owner)
        for name in concept.en:
            self._words.setdefault(tuple(_core(name).split()), owner)

    def _rename(self, other: str, owner: str) -> None:
        """Everything that meant one company to mean another of its names."""
        tables: tuple[dict[Any, str], ...] = (self._of_core, self._words, self._han, self._han_names)
        for table in tables:
            table.update({name: owner for name, company in table.items() if company == other})
        for companies in self._first.values():
            if other in companies:
                companies.remove(other)
                companies.add(owner)

    def _owner(self, name: str) -> str | None:
        """The company of this very name, or the only one whose name begins with its two words or three han and more."""
        core = _core(name)
        if core in self._of_core:
            return self._of_core[core]
        if is_han(core[0]):
            longer = {company for other, company in self._han.items() if len(core) > 2 and other.startswith(core)}
            return longer.pop() if len(longer) == 1 else None
        beginning = f"{core} "
        owners = [one for one in self._first.get(core.split()[0], ()) if f"{_core(one)} ".startswith(beginning)]
        return owners[0] if len(owners) == 1 and " " in core else None

    def canonical(self, name: str) -> str:
        """The name that stands for a company: its own, or that of a like one met before."""
        return self._of_core.get(_core(name), name)

    def without_codes(self, text: str) -> str:
        """A text without these companies' numeric tickers (600519.SH, 001215 CH): pages have names, and CH stands on many."""
        return _CODE.sub(lambda code: " " if (code[1],) in self._words else code[0], text)

    def find(self, text: str) -> tuple[str, ...]:
        """The companies a text names, in order."""
        return tuple(dict.fromkeys(company for _, _, company in self._spans(unicodedata.normalize("NFKC", text))))

    def without_names(self, text: str) -> str:
        """A text without the names of these companies, whose words would be translated one by one (Best Buy)."""
        plain = unicodedata.normalize("NFKC", text)
        for start, end, _ in reversed(self._spans(plain)):
            plain = plain[:start] + " " + plain[end:]
        return plain

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where a text names companies; none where its plain form has another length."""
        plain = unicodedata.normalize("NFKC", text)
        return [(start, end) for start, end, _ in self._spans(plain)] if len(plain) == len(text) else []

    def _spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where companies are named: start, end, company; in order, none over another."""
        folded = simplified("".join(char.lower() if len(char.lower()) == 1 else char for char in text))
        found = [(match.start(), match.end(), self._han_names[match[0]]) for match in self._any_han.finditer(folded)]
        words = list(_WORD.finditer(text))
        written = [(match[0], match.start()) for match in words]
        plain = [_plain(word) for word, _ in written]
        index = 0
        while index < len(words):
            taken = self._at(written, plain, index)
            if taken:
                found.append((words[index].start(), words[index + taken[1] - 1].end(), taken[0]))
            index += taken[1] if taken else 1
        apart: list[tuple[int, int, str]] = []
        for span in sorted(found, key=lambda one: (one[0], -one[1])):
            if not apart or span[0] >= apart[-1][1]:
                apart.append(span)
        return apart

    @cached_property
    def _any_han(self) -> re.Pattern[str]:
        """Any of the Chinese names, the longest that begins at a place."""
        longest_first = sorted(self._han_names, key=lambda core: (-len(core), core))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def _at(self, written: list[tuple[str, int]], words: list[str], start: int) -> tuple[str, int] | None:
        """The company whose name begins at a word, and how many words it takes."""
        for end in range(min(len(words), start + _LONGEST), start, -1):
            name = tuple(word for word in words[start:end] if word not in _AND)
            if name in self._words and words[start] not in _AND:
                company = self._words[name]
                if len(name) > 1 or _is_name(written[start][0]) or _core(company) == name[0]:
                    return company, end - start
        in_pinyin = self._in_pinyin(written, words, start)
        if in_pinyin:
            return in_pinyin
        first = words[start]
        owners = self._first.get(first, set())
        if len(owners) == 1 and len(first) >= _LEAST_FIRST and first not in _GENERIC and _is_name(written[start][0]):
            return next(iter(owners)), 1
        return self._abbreviated(written[start][0]) or self._misspelt(written[start][0])

    def _in_pinyin(self, written: list[tuple[str, int]], words: list[str], start: int) -> tuple[str, int] | None:
        if not self._han or not written[start][0][0].isupper():
            return None
        for end in range(min(len(words), start + _LONGEST), start, -1):
            owners = self._pinyin.get("".join(words[start:end]), set())
            if len(owners) == 1:
                return next(iter(owners)), end - start
        return None

    @cached_property
    def _pinyin(self) -> dict[str, set[str]]:
        """Chinese names in Latin letters, two syllables and more of each from its beginning."""
        from pypinyin import lazy_pinyin  # takes 0.4 s, and few questions need it

        spoken: dict[str, set[str]] = {}
        for core, company in self._han.items():
            syllables = lazy_pinyin(core)
            for count in range(2, len(syllables) + 1):
                name = "".join(syllables[:count])
                if len(name) >= _LEAST_PINYIN:
                    spoken.setdefault(name, set()).add(company)
        return spoken

    def _abbreviated(self, word: str) -> tuple[str, int] | None:
        short = _plain(word).replace("&", "")
        if not (1 < len(short) <= _LONGEST_SHORT and len(word) > 2 and sum(char.isupper() for char in word) > 1):
            return None
        for words, company in self._words.items():
            if len(words) > 1 and (_blends(short, words) or _blends(short, _with_n(words))):
                return company, 1
        return None

    def _misspelt(self, word: str) -> tuple[str, int] | None:
        """The only company of one or a first long word, or of words written as one (Bestbuy), that differs by no more than
        one letter, or two in the wrong order."""
        plain = _plain(word)
        if len(plain) < _LEAST_MISSPELT or not plain.isalpha() or not word[0].isupper():
            return None
        alike = {name for name in self._long_names if name[0] == plain[0] and OSA.distance(plain, name) <= 1}
        owners = {company for name in alike for company in self._long_names[name]}
        return (next(iter(owners)), 1) if len(owners) == 1 else None

    @cached_property
    def _long_names(self) -> dict[str, set[str]]:
        """Companies by long names, written as one word, and by long first words."""
        named = {"".join(words): {company} for words, company in self._words.items()}
        return {
            name: companies
            for name, companies in (self._first | named).items()
            if len(name) >= _LEAST_MISSPELT and name.isalpha() and name not in _GENERIC
        }


@lru_cache(maxsize=8)
def _companies(named: frozenset[tuple[str, str | None]]) -> Companies:
    return Companies(sorted(named, key=lambda one: (one[0], one[1] or "")), _known())


@lru_cache(maxsize=1)
def _known() -> tuple[Concept, ...]:
    return read_concepts(BUNDLED)


def companies_of(reports: Iterable[Report]) -> Companies:
    """The companies that these reports cover."""
    return _companies(frozenset((report.company, report.ticker) for report in reports if report.company))


def uncovered(text: str, companies: Companies) -> tuple[tuple[str, ...], ...]:
    """Well-known companies that a text names by a full name and that are none of `companies`, each by all its names.

    Chinese names of two characters are left aside: they stand in other words too (美的, 光明).
    """
    rest = companies.without_names(text)
    folded = fold(rest)
    spoken = [_plain(word) if _is_name(word) else "-" for word in _WORD.findall(rest)]
    places = _well_known_places()
    han = [at for at, char in enumerate(folded) if is_han(char)]
    runs = {folded[a:b] for a in han for b in range(a + _LEAST_UNCOVERED, a + places.longest_han + 1)}
    runs |= {" ".join(spoken[a:b]) for a in range(len(spoken)) for b in range(a + 1, a + places.most_words + 1)}
    found = {place for run in runs for place in places.of_name.get(run, ())}
    return tuple(places.companies[place] for place in sorted(found))


@dataclass(frozen=True, slots=True)
class _WellKnown:
    """Well-known companies by all their names; the places of those that go by a name, written plainly."""

    companies: tuple[tuple[str, ...], ...]
    of_name: Mapping[str, Sequence[int]]
    longest_han: int
    most_words: int

    def named(self, core: str) -> list[tuple[str, ...]]:
        """All names of those that go by one."""
        return [self.companies[place] for place in self.of_name.get(core, ())]


@lru_cache(maxsize=1)
def _well_known_places() -> _WellKnown:
    companies = tuple((*concept.zh, *concept.en) for concept in _known())
    of_name: dict[str, list[int]] = {}
    for place, names in enumerate(companies):
        for core in {_core(name) for name in names}:
            if len(core) >= _LEAST_UNCOVERED:
                of_name.setdefault(core, []).append(place)
    longest = max(len(name) for name in of_name if is_han(name[0]))
    return _WellKnown(companies, of_name, longest, max(name.count(" ") + 1 for name in of_name))


def called(names: tuple[str, ...], language: Language) -> str:
    """A company's first name in a language, else its first."""
    return next((name for name in names if is_han(name[0]) == (language == "zh")), names[0])


def names_of(company: str) -> tuple[str, ...]:
    """A company's name, and all others of a well-known one."""
    core = _core(company)
    known = (name for names in _well_known_places().named(core) for name in names)
    return tuple(dict.fromkeys((company, *known)))


def names_any(text: str, companies: Iterable[tuple[str, ...]]) -> bool:
    """Whether a text has any name of one of these companies, each given by all its names."""
    folded = fold(text)
    return any(re.search(_pattern(names), folded) for names in companies)


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    cores = (re.escape(_core(name)).replace(r"\ ", r"\W+") for name in names)
    return re.compile("|".join(core if is_han(core[0]) else rf"(?<![a-z0-9]){core}(?![a-z0-9])" for core in cores))


def _core(name: str) -> str:
    """A name without legal form, case, width and marks: `kraft heinz`, `伊利`."""
    folded = fold(name).strip()
    if folded and is_han(folded[0]):
        return _LEGAL_ZH.sub("", folded) or folded
    words = [_plain(word) for word in _WORD.findall(folded) if word not in _AND]
    while len(words) > 1 and words[-1] in _LEGAL_EN:
        words.pop()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a") else words)


def _plain(word: str) -> str:
    """In lower case, without the genitive; accents and the like are none of a word here."""
    return re.sub(r"['’]s$|[.’'-]", "", word.lower())


def _blends(short: str, words: Sequence[str]) -> bool:
    """Whether letters are the beginnings of all these words, one after the other: amex, American Express."""
    if not words or not short:
        return not words and not short
    most = next(
        (i for i, (a, b) in enumerate(zip(short, words[0], strict=False)) if a != b), min(len(short), len(words[0]))
    )
    return any(_blends(short[taken:], words[1:]) for taken in range(most, 0, -1))


def _with_n(words: Sequence[str]) -> list[str]:
    """With an n between each two, as and is spoken: jnj."""
    return [part for word in words for part in (word, "n")][:-1]


def _is_name(word: str) -> bool:
    """Whether a word is written like a name: with a capital, and not as a shout of one letter."""
    return any(char.isupper() or char.isdigit() for char in word) and len(word) > 1
