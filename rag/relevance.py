"""How much of a question each of some texts says, in [0, 1], in the question's language and in the other one.

A question is a list of parts: its terms, its other words, its years. A part is told by any of its names: the words as they
stand, other names of a term, in the other language their translations. Parts that few texts tell weigh more. What stands
around a text tells a part too: the line that names its report does so in full, the headings above it less.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.domain import Language, Understood
from rag.sparse import WordTokeniser, bigrams, stem
from rag.stopwords import ASKING
from rag.translate import Translator
from rag.wanted import PART_OF_YEAR, core, years_of

_PLAIN = 0.5  # an English word that is no term, no name and no number
_INFLECTED = 0.8
_PARTIAL = 0.6  # of the share of a name's words or characters that a text has
_HEADING = 0.6
_REPORT = 0.5
_COUNTERS = frozenset("年月日个元次家")
_ASKS = re.compile(r"\b(?:think|thinks|believes?|expects?|views?|opinions?|argues?|forecasts? for)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-Z][A-Z&]+\b")
_SYNONYM = 0.8
_YEAR_MARK = re.compile(r"(?<=\d\d)年(?!代)")  # no part of the word behind it: 2033年前三季度


@dataclass(frozen=True, slots=True)
class Text:
    """A text to weigh: its own words, those of the headings above it, and of the line that names its report."""

    own: str
    headings: str
    report: str
    language: Language


@dataclass(frozen=True, slots=True)
class _Name:
    terms: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the question: what tells it, and what it counts before its rarity. A year has no names.

    `who` says that it is part of the name of a company or publisher, or tells a part of the year.
    """

    names: tuple[_Name, ...]
    weight: float
    year: int | None = None
    who: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    terms: frozenset[str]
    years: frozenset[int]


class Relevance:
    """Weighs texts against questions; `translator` gives a question's words in the other language."""

    def __init__(self, translator: Translator, tokenise: WordTokeniser) -> None:
        self._translator = translator
        self._tokenise = tokenise

    def shares(self, asked: Understood, texts: Sequence[Text]) -> list[float]:
        """One share for each text; those of one language are weighed among themselves."""
        return _by_language(texts, lambda language, some: _weigh(self._parts(asked, language), some))

    def on_subject(self, asked: Understood, texts: Sequence[Text]) -> list[float]:
        """As `shares`, of what is asked alone, whoever and whatever year it is asked of; 1 where nothing else is asked."""

        def weigh(language: Language, some: Sequence[Text]) -> Sequence[float]:
            parts = self._subject(asked, language)
            return _weigh(parts, some) if parts else [1.0] * len(some)

        return _by_language(texts, weigh)

    def fits(self, asked: Understood, labels: Sequence[str], language: Language) -> list[float]:
        """How well each label names what is asked for, whoever it is asked of: how much of it the label tells, by the
        share of the label's words that do."""
        parts = self._subject(asked, language)
        words = frozenset(term for part in parts for name in part.names for term in name.terms)
        told = _weigh(parts, [Text(label, "", "", language) for label in labels])
        held = [frozenset(bigrams(label)) for label in labels]
        return [
            share * len(terms & words) / len(terms) if terms else 0.0 for share, terms in zip(told, held, strict=True)
        ]

    def _subject(self, asked: Understood, language: Language) -> list[_Part]:
        """What is asked, without whom it is asked of and without years."""
        return [part for part in self._parts(asked, language) if not part.who and part.year is None]

    def _parts(self, asked: Understood, language: Language) -> list[_Part]:
        question = _YEAR_MARK.sub("年 ", _ASKS.sub(" ", core(asked.topic)))
        years = [_Part((), 1.0, year) for year in sorted(years_of(question))]
        if language == asked.language:
            named = _within(asked, self._tokenise, question)
        else:
            named = _across(asked, self._translator.translate(question, language).parts, question)
        return [part for part in named if any(name.terms for name in part.names)] + years


def _by_language(texts: Sequence[Text], weigh: Callable[[Language, Sequence[Text]], Sequence[float]]) -> list[float]:
    """What `weigh` gives for the texts of each language, in the order of all texts."""
    found = [0.0] * len(texts)
    for language in sorted({text.language for text in texts}):
        places = [i for i, text in enumerate(texts) if text.language == language]
        for place, share in zip(places, weigh(language, [texts[i] for i in places]), strict=True):
            found[place] = share
    return found


def _within(asked: Understood, tokenise: WordTokeniser, question: str) -> list[_Part]:
    """Terms by all their names in the question's language, then the other words."""
    names = (*asked.mentioned, *asked.companies, *(name for names in asked.uncovered for name in names))
    who = {word for name in names for word in tokenise(name)}
    parts = [
        _Part(
            (_name(term.text, 1.0), *(_name(other, _SYNONYM) for other in term.named_in(asked.language))),
            1.0,
            who=set(tokenise(term.text)) <= who or PART_OF_YEAR.fullmatch(term.text) is not None,
        )
        for term in asked.terms
    ]
    taken = {word for term in asked.terms for word in tokenise(term.text)} | ASKING | _COUNTERS
    written = {word for written in question.split()[1:] if written[:1].isupper() for word in tokenise(written)}
    for word in dict.fromkeys(tokenise(question)):
        if word not in taken and not years_of(word):
            plain = word.isascii() and word.isalpha() and word not in written
            named = (
                word in who
                or PART_OF_YEAR.fullmatch(word) is not None
                or (word in written and not asked.companies and not asked.uncovered)
            )
            parts.append(_Part((_name(word, 1.0),), _PLAIN if plain else 1.0, who=named))
    return parts


def _across(asked: Understood, parts: Sequence[Sequence[tuple[str, float]]], question: str) -> list[_Part]:
    """The names of who is asked about, translations, and abbreviations in Latin capitals as they are."""
    who = [_Part((_name(name, 1.0),), 1.0, who=True) for name in (*asked.mentioned, *asked.companies)]
    kept = [_Part((_name(word, 1.0),), 1.0) for word in dict.fromkeys(_CAPITALS.findall(question))]
    translated = [
        _Part(tuple(_name(name, 1.0) for name, _ in part), max(weight for _, weight in part))
        for part in parts
        if not any(years_of(name) for name, _ in part)
    ]
    return [*who, *kept, *translated]


def _name(text: str, weight: float) -> _Name:
    return _Name(frozenset(bigrams(text)), weight)


def _weigh(parts: Sequence[_Part], texts: Sequence[Text]) -> list[float]:
    own = [[_told(part, words) for part in parts] for words in (_words(text.own) for text in texts)]
    around = {
        words: [_told(part, _words(words)) for part in parts]
        for text in texts
        for words in (text.headings, text.report)
    }
    weights = [
        part.weight * math.log(1 + len(texts) / (0.5 + sum(1 for told in own if told[i] == 1)))
        for i, part in enumerate(parts)
    ]
    whole = sum(weights) or 1.0
    return [
        sum(
            weight
            * max(
                told[i],
                (1.0 if parts[i].who else _REPORT) * around[text.report][i],
                _HEADING * around[text.headings][i],
            )
            for i, weight in enumerate(weights)
        )
        / whole
        for told, text in zip(own, texts, strict=True)
    ]


def _words(text: str) -> _Words:
    return _Words(frozenset(bigrams(text)), years_of(text))


def _told(part: _Part, words: _Words) -> float:
    if part.year is not None:
        return float(part.year in words.years)
    return max(name.weight * _share(name.terms, words.terms) for name in part.names)


def _share(name: frozenset[str], held: frozenset[str]) -> float:
    """1 where all of a name is there; less for another form of an English word, or for half of a name and more."""
    there = len(name & held)
    if there == len(name):
        return 1.0 if name else 0.0
    if len(name) == 1:
        (word,) = name
        front = stem(word)
        inflected = word.isascii() and word.isalpha() and len(word) > 4 and any(one.startswith(front) for one in held)
        return _INFLECTED if inflected else 0.0
    share = there / len(name)
    return _PARTIAL * share if share >= 0.5 else 0.0
