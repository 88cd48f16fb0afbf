"""What a model was told, to know it again in what it writes: lines of the prompt, the reasons why sentences did not pass."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache, lru_cache

from rag.say import wordings
from rag.text import fold, is_han

_ALIKE = 0.85  # of letters in order, from which a sentence is an instruction with small changes
_LEAST = 12  # width of letters from which a sentence may be a part of an instruction
_BRACKETED = re.compile(r"\s*[(（]([^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*)[)）]")
_ITEM = (
    re.compile(  # of the list of what to cover, answered like a form: `The period for which it is provided is 2023.`
        r"(?:the |its )?(?:figures? asked for|period for which\b[^,.]{0,60})\s(?:is|are|was|were)\b"
        r"|(?:问到的数字|数字|单位|期间|口径|预测的数值|给出的原因)(?:是|为|：)",
        re.IGNORECASE,
    )
)
_REASON = re.compile(r"(?:reasons?|原因|理由)\s*[:：]", re.IGNORECASE)
_REASONS = (
    "not_stated", "no_words", "some_words", "few_words", "across", "across_unchecked", "other_figures", "other_year",
    "not_named", "of_others", "opposite", "one_denies", "denied", "less_surely", "no_superlative", "no_share", "too_free", "no_page", "to_a_model",
    "judged_partial", "judged_unsupported", "not_bound", "of_several", "cut_off", "a_caption", "other_subject", "not_in_language", "restates",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Echoes:
    """`lines` count where repeated word for word (question, title), `orders` also with small changes or in part.

    `reasons`: those told with sentences that did not pass; a sentence that holds the wording of any reason is one then.
    """

    lines: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    reasons: Collection[str] = field(default=())

    def without_reason(self, line: str) -> str:
        """A line without a reason in brackets behind its sentence."""
        if not self.reasons:
            return line
        return _BRACKETED.sub(lambda found: "" if self._is_reason(found[1]) else found[0], line)

    def has(self, text: str) -> bool:
        """Whether a line or sentence repeats what the model was told."""
        told = text.strip()
        if _ITEM.match(told):
            return True
        if told in self.lines or told in self.orders:
            return True
        letters = _letters(told)
        if not letters:
            return False
        return any(_is_part(letters, part) for order in self.orders for part in _parts(order)) or self._is_reason(told)

    def _is_reason(self, text: str) -> bool:
        if not self.reasons:
            return False
        letters = _letters(text)
        if _REASON.match(text.strip()) or any(letters == _letters(reason) for reason in self.reasons):
            return True
        return any(wording in f" {letters} " for wording in _wordings())


@lru_cache(maxsize=4096)
def _is_part(letters: str, order: str) -> bool:
    if _width(letters) >= _LEAST and f" {letters} " in f" {order} ":
        return True
    if 2 * min(len(letters), len(order)) < _ALIKE * (len(letters) + len(order)):
        return False
    match = SequenceMatcher(None, letters, order, autojunk=False)
    return match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE


@cache
def _parts(order: str) -> tuple[str, ...]:
    """The letters of an order and of its clauses that are long enough to be known."""
    clauses = [_letters(part) for part in re.split(r"[.;:。；：]", order)]
    return (_letters(order), *(clause for clause in clauses if _width(clause) >= _LEAST))


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    """Folded words and figures, one blank between them; han stand alone."""
    return " ".join(re.findall(r"[a-z']+|\d+|[^\W\d_a-z]", fold(text)))


@cache
def _wordings() -> tuple[str, ...]:
    """What reasons say whatever they are about; too short ones could stand in any sentence."""
    told = (_letters(part) for part in wordings(_REASONS))
    return tuple(f" {part} " for part in told if part and len(part.split()) >= (5 if is_han(part[0]) else 3))


def _width(letters: str) -> int:
    return sum(2 if is_han(char) else 1 for char in letters if char != " ")
