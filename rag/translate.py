"""A question to words of the other language that pages may use for it: by the lexicon, else by the dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.dictionary import Dictionary
from rag.domain import Language, Term
from rag.lexicon import Lexicon
from rag.sparse import STOP
from rag.text import is_han

_LONGEST = {"en": 3, "zh": 6}  # units of an entry: words, han
_TERM, _WORD = 1.0, 0.5  # what a word of a term's name counts, and one of a dictionary word's names
_ASKING = frozenset(
    {"explain", "describe", "analyze", "according", "based", "regarding", "specific", "detail", "please"}
)


@dataclass(frozen=True, slots=True)
class Translation:
    """Texts of the other language, each with the weight of its words; and the share of the question that has any."""

    texts: tuple[tuple[str, float], ...]
    share: float


class Translator:
    """`dictionary` is loaded when a question is first translated."""

    def __init__(self, lexicon: Lexicon, dictionary: Callable[[], Dictionary]) -> None:
        self._lexicon = lexicon
        self._load = dictionary

    @cached_property
    def _dictionary(self) -> Dictionary:
        return self._load()

    def translate(self, text: str, into: Language) -> Translation:
        """Words, numbers and names that are written alike in both languages are kept as they are."""
        parts = self._lexicon.parts(text)
        texts: list[tuple[str, float]] = []
        told = whole = 0
        start = 0
        while start < len(parts):
            part = parts[start]
            if isinstance(part, Term):
                size, taken, found = _size(part.text), 1, [(name, _TERM) for name in part.named_in(into)]
            else:
                taken, names = self._longest(parts, start, into)
                size = sum(_size(str(unit)) for unit in parts[start : start + taken])
                found = [(name, _WORD) for name in names]
                if not _says(part):
                    size = 0
                elif not names and not is_han(part[0]):
                    found = [(part, 1.0)]  # 3m, 2018, roe
            whole += size
            told += size if any(text != part for text, _ in found) else 0
            texts += found
            start += taken
        return Translation(tuple(texts), told / whole if whole else 0.0)

    def _longest(self, parts: Sequence[Term | str], start: int, into: Language) -> tuple[int, tuple[str, ...]]:
        """How many units make the longest dictionary entry that begins here, and its names; 1 and none where there is none."""
        known, blank = (self._dictionary.zh, " ") if into == "zh" else (self._dictionary.en, "")
        for end in range(min(len(parts), start + _LONGEST["en" if into == "zh" else "zh"]), start, -1):
            units = parts[start:end]
            if any(isinstance(unit, Term) or is_han(unit[0]) == (into == "zh") for unit in units):
                continue
            if end - start == 1 and not _says(str(units[0])):
                continue
            names = known.get(blank.join(map(str, units)))
            if names:
                return end - start, names
        return 1, ()


def _says(unit: str) -> bool:
    """Whether a unit says something of what is asked."""
    return unit not in STOP and unit not in _ASKING


def _size(text: str) -> int:
    return sum(1 for char in text if is_han(char)) or len(text.split())
