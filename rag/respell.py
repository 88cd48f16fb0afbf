"""A question with a misspelt word, and what was found for it, to the question as it was meant: `advertsing` to `advertising`.

Only a word that no passage has in any form and that is no word of the language, one letter (or two in the wrong order) from
just one word of the passages. A word with a capital may be a name, and is only set right where it is a company's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz.distance import OSA, Prefix

from rag.companies import names_of
from rag.domain import Passage, Understood
from rag.grid import search_text
from rag.sparse import latin_words
from rag.text import fold
from rag.wanted import core

_LEAST = 6  # letters
_WORD = re.compile(rf"(?<![\w'’-])[A-Za-z]{{{_LEAST},}}(?![\w'’-])")


def misspelt(understood: Understood, passages: Sequence[Passage], is_word: Callable[[str], bool]) -> dict[str, str]:
    """What the question's misspelt words were meant to be, by how they are written; `is_word` knows words in lower case."""
    asked = dict.fromkeys(_WORD.findall(core(understood.topic)))
    if not asked:
        return {}
    said = latin_words(fold("\n".join(search_text(passage.chunk) for passage in passages)))
    said = {word for word in said if len(word) >= _LEAST and word.isalpha()}
    names = latin_words(fold(" ".join(name for company in understood.companies for name in names_of(company))))
    found: dict[str, str] = {}
    for written in asked:
        word = written.lower()
        among = said if written.islower() else names
        if latin_words(word) & (said | names):
            continue
        alike = [other for other in among if _is_alike(word, other, is_name=not written.islower())]
        if len(alike) == 1 and not is_word(word):
            found[written] = alike[0] if written.islower() else alike[0].capitalize()
    return found


def _is_alike(word: str, other: str, *, is_name: bool) -> bool:
    """Whether two words begin alike and differ in one letter; but for names not in the ending alone (improved, improve)."""
    same = Prefix.similarity(word, other)
    is_form = not is_name and same >= min(len(word), len(other)) - 1
    return same > 0 and not is_form and OSA.distance(word, other, score_cutoff=1) <= 1


def respelt(question: str, meant: dict[str, str]) -> str:
    """The question with each misspelt word as it was meant."""
    for written, word in meant.items():
        question = re.sub(rf"\b{written}\b", word, question)
    return question
