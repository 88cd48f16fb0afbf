"""A question to words of the other language that pages may use for it: by the lexicon, else by the dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from rag.dictionary import Dictionary
from rag.domain import Language, Term
from rag.lexicon import Lexicon
from rag.sparse import Tokenise, singular
from rag.stopwords import ASKING, STOP
from rag.text import is_han

_LONGEST = 3  # English words of an entry
_SAYS_NOTHING = frozenset(form for word in STOP | ASKING for form in (word, singular(word)))
# What a word of a dictionary entry counts, beside 1 for one of a term, and how many entries are taken: Chinese has many
# words for an English one, of which reports use few; English words are so common that each further one does harm.
_WORD: dict[Language, float] = {"zh": 0.5, "en": 0.25}
_NAMES: dict[Language, int] = {"zh": 12, "en": 2}

_Told = tuple[int, bool, list[tuple[str, float]]]  # size, whether it could be told, words with weights


@dataclass(frozen=True, slots=True)
class Translation:
    """For each word or term of the question its names in the other language, each with the weight of its words; and the
    share of the question that has any."""

    parts: tuple[tuple[tuple[str, float], ...], ...]
    share: float

    @property
    def texts(self) -> tuple[tuple[str, float], ...]:
        """All names with their weights."""
        return tuple(named for part in self.parts for named in part)


class Translator:
    """`dictionary` is loaded when a question is first translated; `words` parts Chinese into words."""

    def __init__(self, lexicon: Lexicon, dictionary: Callable[[], Dictionary], words: Tokenise) -> None:
        self._lexicon = lexicon
        self._load = dictionary
        self._words = words

    @cached_property
    def _dictionary(self) -> Dictionary:
        return self._load()

    def knows(self, word: str) -> bool:
        """Whether a Latin word in lower case is one of the dictionary or of the lexicon."""
        return singular(word) in self._dictionary.zh or bool(self._lexicon.find(word))

    def translate(self, text: str, into: Language) -> Translation:
        """Numbers and names that are written alike in both languages are kept as they are."""
        told = list(self._told(self._lexicon.parts(text), into))
        whole = sum(size for size, *_ in told)
        share = sum(size for size, known, _ in told if known) / whole if whole else 0.0
        return Translation(tuple(tuple(found) for *_, found in told if found), share)

    def _told(self, parts: Sequence[Term | str], into: Language) -> Iterator[_Told]:
        start = 0
        while start < len(parts):
            part, taken = parts[start], 1
            if isinstance(part, Term):
                yield _size(part.text), True, [(name, 1.0) for name in part.named_in(into)]
            elif is_han(part[0]):
                yield from self._han(part, into)
            else:
                taken, told = self._latin(parts, start, into)
                yield told
            start += taken

    def _han(self, stretch: str, into: Language) -> Iterator[_Told]:
        """Of a Chinese question its words of two characters and more; of an English one, Chinese names in it as they are."""
        if into == "zh":
            yield 0, True, [(stretch, 1.0)]
            return
        for word in self._words(stretch):
            if len(word) > 1 and word not in ASKING:
                names = self._dictionary.en.get(word, ())[: _NAMES[into]]
                yield len(word), bool(names), [(name, _WORD[into]) for name in names]

    def _latin(self, parts: Sequence[Term | str], start: int, into: Language) -> tuple[int, _Told]:
        """How many words make the longest dictionary entry that begins here, with its names; else the word as it is."""
        words = list(takewhile(lambda part: not is_han(part[0]), _strings(parts[start : start + _LONGEST])))
        says_nothing = words[0] in _SAYS_NOTHING
        for end in range(len(words), int(says_nothing), -1) if into == "zh" else ():
            names = self._dictionary.zh.get(" ".join(words[:end]), ())[: _NAMES[into]]
            if names:
                return end, (end, True, [(name, _WORD[into]) for name in names])
        if says_nothing:
            return 1, (0, False, [])
        return 1, (1 if into == "zh" else 0, False, [(words[0], 1.0)])  # 3m, 2018, roe


def _strings(parts: Sequence[Term | str]) -> Iterator[str]:
    """The parts up to the first term."""
    for part in parts:
        if isinstance(part, Term):
            return
        yield part


def _size(text: str) -> int:
    return sum(1 for char in text if is_han(char)) or len(text.split())
