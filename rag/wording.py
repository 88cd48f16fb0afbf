"""The words of a claim to how many of them a text says, in its own wording too: other forms of a word, other names of a term.

Neither what the report is called by (its company, its publisher: a page seldom repeats them) nor figures count as words;
those are compared as names and as quantities.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rag.lexicon import BUNDLED, Lexicon, read_concepts
from rag.sparse import bigrams, stem
from rag.text import fold, is_han

_TOKEN = re.compile(r"[^\W\d_]+(?:[&'’.-][^\W\d_]+)*")
_FORM = re.compile(r"(?:股份|集团|公司|证券|控股|实业|有限)+$")  # what a company's name may end with
_GRAMMAR = re.compile(
    r"[的了和与及或是由将把被让会都也而则其该这那在从至到约年月日]|[万亿千百]*(?:元|[个家倍](?![人体]))|\b(?:[mb]illion|thousand|per ?cent|roughly|about|some|around|over|nearly|almost|more|less|than)\b"
)
_LEAST_STEM = 5


@lru_cache(maxsize=1024)
def words_of(sentence: str, about: str = "") -> frozenset[str]:
    """The terms of a sentence that a page should say: without figures and without the names in `about`."""
    text = fold(sentence)
    for name in _names_in(fold(about)):
        text = re.sub(rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name), " ", text)
    return frozenset(t for t in bigrams(_GRAMMAR.sub(" ", text)) if len(t) > 1 and not t[0].isdigit())


@lru_cache(maxsize=256)
def _names_in(about: str) -> tuple[str, ...]:
    """The words of the line on a report that may be names, the longest first; in Chinese also without the company's form."""
    names: set[str] = set()
    for token in _TOKEN.findall(about):
        names |= {token, _FORM.sub("", token)}
    return tuple(sorted((name for name in names if len(name) > 1), key=lambda name: (-len(name), name)))


def held(words: frozenset[str], text_terms: frozenset[str]) -> frozenset[str]:
    """Those of the words that the terms of a text have, in the same or in another form."""
    missing = words - text_terms
    if not missing:
        return words
    stems = stems_of(text_terms)
    return (words & text_terms) | {word for word in missing if len(word) >= _LEAST_STEM and stem(word) in stems}


@lru_cache(maxsize=4096)
def stems_of(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(term) for term in terms if len(term) >= _LEAST_STEM)


# --- other names of a term -------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def other_names(sentence: str) -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    """For each term of the finance lexicon in a sentence its words, and its other names in the same language, folded."""
    found = []
    for term in _lexicon().find(sentence):
        same = term.zh if is_han(term.text[0]) else term.en
        if same:
            found.append((frozenset(bigrams(term.text)), tuple(fold(name) for name in same)))
    return tuple(found)


@lru_cache(maxsize=1024)
def terms_in(text: str) -> tuple[str, ...]:
    """The terms of the finance lexicon in a text, folded."""
    return tuple(term.text for term in _lexicon().find(text))


def renamed(sentence: str, text: str) -> frozenset[str]:
    """The words of the terms of a sentence that a folded text has by another name."""
    said: set[str] = set()
    for words, names in other_names(sentence):
        if any(_has(text, name) for name in names):
            said |= words
    return frozenset(said)


def _has(text: str, name: str) -> bool:
    return name in text if is_han(name[0]) else re.search(rf"\b{re.escape(name)}s?\b", text) is not None


@cache
def _lexicon() -> Lexicon:
    return Lexicon(read_concepts(BUNDLED))


# --- places ----------------------------------------------------------------------------------------------------------


def share_said(sentence: str, words: frozenset[str], text: str, terms: frozenset[str]) -> float:
    """The share of a sentence's words that a text, of these terms, says."""
    return len(_said(sentence, words, text, terms)) / len(words) if words else 0.0


def share_told(sentence: str, words: frozenset[str], text: str, terms: frozenset[str]) -> float:
    """As `share_said`, but a pair of characters where two Chinese words meet (业预 of 茶业预计) is said where both words are."""
    if not words:
        return 0.0
    said = _said(sentence, words, text, terms)
    chars = {char for word in said for char in word if is_han(char)}
    meeting = {word for word in words - said if is_han(word[0]) and chars.issuperset(word)}
    return len(said | meeting) / len(words)


def _said(sentence: str, words: frozenset[str], text: str, terms: frozenset[str]) -> frozenset[str]:
    said = held(words, terms)
    return said | (renamed(sentence, fold(text)) & words) if len(said) < len(words) else said
