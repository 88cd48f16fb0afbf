"""Text to BM25 term weights: words by rjieba with user words for the chunk leg, character bigrams for the page leg.

Both read folded text (rag/text.py): full-width forms, case and Traditional or Simplified characters make no difference.

Document weight of a term: tf (k1 + 1) / (tf + k1 (1 - b + b dl / avgdl)); query weight: its count; the index supplies
the IDF. The dot product is Okapi BM25 (Robertson & Zaragoza 2009) with a mean length `avgdl` fixed by configuration, so
that a document's weights never change when others come or go.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import rjieba

from rag.domain import SparseVector
from rag.stopwords import ASKING, STOP
from rag.text import fold, han_fingerprint, is_han

K1 = 1.5
B = 0.75
TOKENISER_VERSION = "5"
Tokenise = Callable[[str], list[str]]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:(?:[&'’/]|(?<=[a-z])\.(?=[a-z])|(?<=\d)\.(?=\d))[a-z0-9]+)*%?")  # 001215.sz is two
_RUN = re.compile(f"{_HAN.pattern}|{_LATIN.pattern}")
_GENITIVE = re.compile(r"['’]s?$")
_USER_WORD_FREQUENCY = 100_000


def runs(folded: str) -> list[str]:
    """Runs of han and Latin words (ASCII) of a folded text, in order; marks and blanks part them."""
    return _RUN.findall(folded)


def latin_words(folded: str) -> set[str]:
    """The Latin words and numbers of a folded text, as tokenisers give them."""
    return {singular(word) for word in _LATIN.findall(folded) if word not in STOP}


class WordTokeniser:
    """Splits text to words: han runs by rjieba (with user words), Latin words without plural endings, numbers."""

    def __init__(self, user_words: Iterable[str]) -> None:
        self._jieba = rjieba.Jieba()
        words = sorted({fold(word) for word in user_words})
        for word in words:
            if all(is_han(char) for char in word):
                self._jieba.add_word(word, _USER_WORD_FREQUENCY, "nz")
        digest = hashlib.sha256("\n".join(words).encode()).hexdigest()
        self.fingerprint = f"words {TOKENISER_VERSION} {digest[:12]}"

    def __call__(self, text: str) -> list[str]:
        tokens: list[str] = []
        for run in runs(fold(text)):
            if not run.isascii():
                tokens += [word for word in self._jieba.cut(run) if word not in STOP]
            elif run not in STOP:
                tokens.append(singular(run))
        return tokens

    def coined(self, text: str, least: int) -> list[str]:
        """Words of han runs, `least` characters long or longer, that are in no dictionary, not even a part of them."""
        words = (word for run in runs(fold(text)) if is_han(run[0]) for word in self._jieba.cut(run))
        return [w for w in words if len(w) >= least and all(len(part) == 1 for part in self._jieba.cut(w, False))]

    def content(self, text: str) -> str:
        """Folded text without words of grammar and of asking, a blank for each: `公司的股价走势如何` is `公司 股价走势`."""
        parts: list[str] = []
        for run in runs(fold(text)):
            if is_han(run[0]):
                parts.append("".join(" " if word in STOP or word in ASKING else word for word in self._jieba.cut(run)))
            elif run not in STOP and run not in ASKING:
                parts.append(run)
        return " ".join(" ".join(parts).split())


def bigrams(text: str) -> list[str]:
    """Character bigrams of han runs (a lone character as it stands), Latin words without plural endings, numbers."""
    tokens: list[str] = []
    for run in runs(fold(text)):
        if run.isascii():
            if run not in STOP:
                tokens.append(singular(run))
        elif len(run) == 1:
            tokens.append(run)
        else:
            tokens += [run[i : i + 2] for i in range(len(run) - 1)]
    return tokens


bigrams.fingerprint = f"bigrams {TOKENISER_VERSION}"  # type: ignore[attr-defined]  # read like WordTokeniser's


@lru_cache(maxsize=200_000)
def singular(word: str) -> str:
    """An English word without genitive and plural ending: the S-stemmer (Harman 1991)."""
    word = _GENITIVE.sub("", word)
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The front of an English word that its forms share: operat of operations and operating; others as they are."""
    return word[: max(4, len(word) - 3)] if word.isascii() and word.isalpha() else word


@lru_cache(maxsize=500_000)
def term_id(term: str) -> int:
    """A stable 32-bit id; two of a million terms share one about once in ten thousand pairs of a query and a text."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "big")


class Bm25Encoder:
    """Implements `SparseEncoder` over a tokeniser; `avgdl` is the assumed mean document length in tokens."""

    def __init__(self, tokenise: Tokenise, avgdl: float) -> None:
        self._tokenise = tokenise
        self._avgdl = avgdl

    @property
    def fingerprint(self) -> str:
        tokeniser = getattr(self._tokenise, "fingerprint", "?")
        return f"{tokeniser} han={han_fingerprint()} k1={K1} b={B} avgdl={self._avgdl:g}"

    def encode_document(self, text: str) -> SparseVector:
        tokens = self._tokenise(text)
        norm = K1 * (1 - B + B * len(tokens) / self._avgdl)
        return _vector({term: tf * (K1 + 1) / (tf + norm) for term, tf in Counter(tokens).items()})

    def encode_query(self, text: str, more: Sequence[tuple[str, float]] = ()) -> SparseVector:
        return _vector(query_weights(self._tokenise, text, more))


def query_weights(tokenise: Tokenise, text: str, more: Sequence[tuple[str, float]]) -> dict[str, float]:
    """What each word of a query counts: its count in `text`, else the highest weight of a text of `more` that has it."""
    weights = {term: float(tf) for term, tf in Counter(tokenise(text)).items()}
    added: dict[str, float] = {}
    for other, weight in more:
        for term in tokenise(other):
            if term not in weights:
                added[term] = max(weight, added.get(term, 0.0))
    return weights | added


def _vector(weights: dict[str, float]) -> SparseVector:
    by_id: dict[int, float] = {}
    for term, weight in weights.items():
        by_id[term_id(term)] = by_id.get(term_id(term), 0.0) + weight
    indices = sorted(by_id)
    return SparseVector(tuple(indices), tuple(by_id[i] for i in indices))


def rank_in_memory(query: str, texts: Sequence[str]) -> list[float]:
    """BM25 scores of a few texts by `bigrams`, by rank-bm25: for small rankings that need no index.

    IDF is BM25Plus's, which stays positive however few the texts are. Only the query's terms are counted; that a text is
    long is known without its other terms, in a quarter of the time.
    """
    from rank_bm25 import BM25Plus

    if not texts:
        return []
    asked = bigrams(query)
    count = _Counting(asked)
    counted = [count(fold(text)) for text in texts]
    ranking = BM25Plus([terms for terms, _ in counted])
    ranking.doc_len = [max(length, 1) for _, length in counted]
    ranking.avgdl = sum(ranking.doc_len) / len(texts)
    scores: list[float] = ranking.get_scores(asked).tolist()
    return scores


class _Counting:
    """Counts terms of `bigrams` in folded texts."""

    def __init__(self, terms: Iterable[str]) -> None:
        wanted = set(terms)
        self._latin = {term for term in wanted if term.isascii()}
        self._chars = {term for term in wanted if len(term) == 1 and not term.isascii()}
        pairs = {term for term in wanted if len(term) == 2 and not term.isascii()}
        self._pairs = {pair for pair in pairs if pair[0] != pair[1]}
        self._doubles = pairs - self._pairs  # `str.count` would find 哈哈 once in 哈哈哈

    def __call__(self, folded: str) -> tuple[list[str], int]:
        """The terms that a text has, each as often as it has it, and how many terms it has in all."""
        found: list[str] = []
        words = [singular(word) for word in _LATIN.findall(folded) if word not in STOP]
        found += [word for word in words if word in self._latin]
        han = () if folded.isascii() else _HAN.findall(folded)
        alone = [run for run in han if len(run) == 1]
        found += [char for char in alone if char in self._chars]
        for pair in self._pairs:
            if pair in folded:
                found += [pair] * folded.count(pair)
        for pair in self._doubles:
            if pair in folded:
                found += [pair] * sum(folded.startswith(pair, at) for at in range(len(folded) - 1))
        return found, len(words) + sum(map(len, han)) - len(han) + len(alone)
