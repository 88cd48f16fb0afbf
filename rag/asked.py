"""A question to the words it is put in for reports of one language: its own, or other names and a translation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.companies import Companies
from rag.domain import Language, Term, Understood
from rag.lexicon import Lexicon
from rag.stopwords import STOP
from rag.translate import Translation, Translator

_SYNONYM = 0.3  # what a word of another name of a term counts
_REWRITTEN = 0.5  # what a word counts that an LLM put in the question's own language
_QUOTED = 2.0  # what a word of a phrase in quotation marks counts; in Chinese the phrase is put twice
_PLAIN = 0.35  # what an English word counts that is no name, no term and no number


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as it is put to reports of one language.

    Its words, further ones by weight, its share that all these tell (1 in its own language), and the words by which a
    report may be named. `whole` is its wording in this language, by its asker or an LLM; None where there is none.
    """

    text: str
    more: tuple[tuple[str, float], ...]
    share: float
    naming: str
    whole: str | None

    @property
    def words(self) -> str:
        """All of it, for rankings that know no weights."""
        return " ".join((self.text, *(text for text, _ in self.more)))


@dataclass(frozen=True, slots=True)
class Wording:
    """Puts questions in words."""

    lexicon: Lexicon
    translator: Translator

    def put(self, understood: Understood, companies: Companies, language: Language, rewritten: str | None) -> Asked:
        """`rewritten` is the question's wording in `language` by an LLM, if there is one."""
        question = companies.without_codes(understood.topic)
        names = tuple((name, 1.0) for name in (*understood.mentioned, *understood.companies))
        if language != understood.language:
            told = self._translated(companies.without_names(question), language, rewritten)
            naming = " ".join(text for text, weight in (*names, *told.texts) if weight == 1)
            return Asked("", (*names, *told.texts), told.share, naming, rewritten)
        others = tuple((name, _SYNONYM) for term in understood.terms for name in term.named_in(language))
        others += ((rewritten, _REWRITTEN),) if rewritten else ()
        if language == "zh":
            text = " ".join((question, *understood.quoted))
            return Asked(text, (*names, *others), 1.0, question, understood.topic)
        phrases = tuple((phrase, _QUOTED) for phrase in understood.quoted)
        parts = tuple(_weighed(self.lexicon.parts(question)))
        return Asked("", (*names, *phrases, *parts, *others), 1.0, question, understood.topic)

    def _translated(self, question: str, language: Language, rewritten: str | None) -> Translation:
        """By the LLM where it gave a wording, else by lexicon and dictionary."""
        if not rewritten:
            return self.translator.translate(question, language)
        texts = ((rewritten, 1.0),) if language == "zh" else tuple(_weighed(self.lexicon.parts(rewritten)))
        return Translation(tuple((text,) for text in texts), 1.0)


def _weighed(parts: Iterable[Term | str]) -> Iterator[tuple[str, float]]:
    """The parts of an English question, which says much in plain words of how to answer: terms and numbers tell the page."""
    for part in parts:
        if isinstance(part, Term):
            yield part.text, 1.0
        elif part not in STOP:
            yield part, 1.0 if any(map(str.isdigit, part)) else _PLAIN
