"""A question and passages to checked sentences, each given as soon as it was checked: by an LLM, or taken from the pages."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import asdict, dataclass

import structlog

from rag.check import Checker
from rag.domain import Language, Passage, Sentence, Understood
from rag.errors import ModelError
from rag.numbers import find_numbers
from rag.ports import Writer
from rag.say import say
from rag.sparse import bigrams
from rag.stopwords import STOP
from rag.text import fold, han_share
from rag.writer import Draft

_WORDS = re.compile(r"[A-Za-z]{2,}")
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]")
_EMPTY = STOP | frozenset("的和与是为将在了及")
_SAID = 0.8  # share of its words from which the page says it itself
_OF_ITS_OWN = 0.2  # share of its words up to which a sentence only says the question again
_MOST_NAMES = 5  # so many words in Latin letters may be names; more are another language


@dataclass(frozen=True, slots=True)
class Composed:
    """The sentences that stand, how many did not, and what the reader is to be told."""

    kept: tuple[Sentence, ...]
    dropped: int
    notices: tuple[str, ...] = ()


Composing = Generator[Sentence, None, Composed]


def extract(writer: Writer, checker: Checker, asked: Understood, passages: Sequence[Passage]) -> Composing:
    """Sentences by a writer that has them all at once."""
    checking = _Checking(checker, passages)
    yield from checking.run(writer.write(asked, passages))
    return Composed(tuple(checking.kept.values()), len(checking.failed), checking.notices(asked.language))


def compose(draft: Draft, checker: Checker, asked: Understood, read: Sequence[Passage], *, whole: bool) -> Composing:
    """Sentences by an LLM, checked against `read`. Those that fail are rewritten once, with the reason, and then dropped.

    An answer that breaks off is a ModelError where no sentence stood by then, or where `whole` is set; else it keeps the
    sentences that were checked and says that it broke off (docs/decisions/0013-streaming-and-checking.md).
    """
    checking = _Checking(checker, read, asked)
    broken: list[str] = []
    try:
        yield from checking.run(draft.sentences())
    except ModelError as exc:
        kept = len(checking.kept)
        structlog.get_logger().warning("llm answer broke off", kept=kept, reason=str(exc), **asdict(draft.usage))
        if whole or not checking.kept:
            raise
        broken.append(say("broke_off", asked.language, reason=str(exc)))
    failed, stood = list(checking.failed), len(checking.kept)
    if failed and not broken:
        try:
            yield from checking.run(draft.mend(failed))
        except ModelError as exc:
            structlog.get_logger().warning("llm rewriting failed", reason=str(exc))
    mended = len(checking.kept) - stood
    structlog.get_logger().info(
        "llm answer", sentences=stood + len(failed), failed=len(failed), mended=mended, **asdict(draft.usage)
    )
    notices = (*broken, *checking.notices(asked.language))
    return Composed(tuple(checking.kept.values()), max(0, len(failed) - mended), notices)


class _Checking:
    """What became of the sentences of one answer; one that repeats another is passed over."""

    def __init__(self, checker: Checker, passages: Sequence[Passage], asked: Understood | None = None) -> None:
        """`asked` is what a model was asked; None: text of a page, which stands as it is, in any language."""
        self._checker = checker
        self._passages = passages
        self._asked = asked
        self._language = asked.language if asked is not None else None
        self._unjudged = ""
        self.kept: dict[str, Sentence] = {}
        self.failed: list[tuple[str, str]] = []

    def run(self, sentences: Iterable[str]) -> Generator[Sentence]:
        """Those that stand, as they come."""
        strict = self._language is not None
        for checked in self._checker.each(self._in_language(sentences), self._passages, strict=strict):
            self._unjudged = self._unjudged or checked.unjudged
            sentence = checked.sentence
            if not sentence.citations:
                self.failed.append((sentence.text, checked.why))
            elif self._asked is not None and _restates(sentence, self._asked.topic):
                self.failed.append((sentence.text, say("restates", self._asked.language)))
            elif not any(_repeats(sentence.text, told) for told in self.kept):
                self.kept[sentence.text] = sentence
                yield sentence

    def notices(self, language: Language) -> tuple[str, ...]:
        return (say("unjudged", language, reason=self._unjudged),) if self._unjudged else ()

    def _in_language(self, sentences: Iterable[str]) -> Generator[str]:
        for sentence in sentences:
            if self._language is not None and _is_foreign(sentence, self._language):
                self.failed.append((sentence, say("not_in_language", self._language)))
            else:
                yield sentence


def _restates(sentence: Sentence, question: str) -> bool:
    """Whether a sentence says little but the words of the question, and what it cites does not say most of them."""
    words = set(bigrams(sentence.text))
    held = max((len(words & set(bigrams(citation.quote))) for citation in sentence.citations), default=0)
    if any(citation.verdict.label == "supported" for citation in sentence.citations) and held >= _SAID * len(words):
        return False
    known = {number.value for number in find_numbers(question)}
    is_new = any(number.value not in known for number in find_numbers(sentence.text))
    return not is_new and len(words - set(bigrams(question))) <= _OF_ITS_OWN * len(words)


def _repeats(text: str, told: str) -> bool:
    """Whether a sentence has no word (Chinese: no character), name or number that an earlier one has not."""
    numbers = {number.value for number in find_numbers(text)}
    return numbers <= {number.value for number in find_numbers(told)} and _said(text) <= _said(told)


def _said(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text))) - _EMPTY


def _is_foreign(sentence: str, language: Language) -> bool:
    """Plainly in the other language; a line of names and figures is in any."""
    share = han_share(sentence)
    return share > 0.5 if language == "en" else share == 0 and len(_WORDS.findall(sentence)) > _MOST_NAMES
