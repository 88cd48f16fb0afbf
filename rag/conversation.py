"""A question of a conversation and the one before it to the question that is asked: understood by itself, by the LLM where
there is one and its wording passes, else by rules (rag/followup.py)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from rag.catalog import Catalog
from rag.companies import companies_of
from rag.domain import NO_LIMITS, Filter
from rag.errors import ModelError
from rag.followup import Rules
from rag.lexicon import Lexicon
from rag.plain import UnusableError
from rag.ports import ChatModel
from rag.prompt import render_followup
from rag.publishers import Publishers
from rag.question import LONGEST
from rag.rewrite import MARKS, NUMBER, THINKING
from rag.say import say
from rag.slots import Reader
from rag.text import fold, language_of

_log = logging.getLogger(__name__)
_TURNS = 10  # of a conversation that is given whole; what lies further back is seldom meant
_LONGEST = 3  # times the length of both questions


@dataclass(frozen=True, slots=True)
class Completed:
    """The question that is asked, and what a reader should know of how it came about. `as_typed`: nothing was added."""

    question: str
    as_typed: bool
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversations:
    """The parts. `model` is None when no endpoint is configured."""

    catalog: Catalog
    publishers: Publishers
    lexicon: Lexicon
    model: ChatModel | None

    def complete(self, question: str, before: str | None, filter: Filter = NO_LIMITS, *, llm: bool = True) -> Completed:
        """`before` is the question before, as it was asked; None at the beginning. `filter`: what the asker may see."""
        if before is None or not question.strip() or len(question) > LONGEST:
            return Completed(question, True)
        rules = self._rules(filter)
        notices: tuple[str, ...] = ()
        if llm and self.model is not None and rules.may_depend(question):
            try:
                return _completed(question, self._by_model(question, before, rules.reader))
            except (ModelError, UnusableError) as exc:
                _log.info("stage=followup event=failed reason=%r", str(exc))
                notices = (say("not_completed", language_of(question), reason=str(exc)),)
        return _completed(question, rules.resolve(question, before), notices)

    def complete_last(self, questions: Sequence[str], filter: Filter = NO_LIMITS, *, llm: bool = True) -> Completed:
        """The last of a conversation's questions, which are as they were typed; those before it by rules alone."""
        rules = self._rules(filter)
        before: str | None = None
        for question in questions[-_TURNS:-1]:
            if question.strip() and len(question) <= LONGEST:
                before = question if before is None else rules.resolve(question, before)
        return self.complete(questions[-1], before, filter, llm=llm)

    def _rules(self, filter: Filter) -> Rules:
        reports = self.catalog.reports(filter)
        known = tuple(sorted({report.publisher for report in reports if report.publisher}))
        return Rules(Reader(self.publishers, self.lexicon, companies_of(reports), known))

    def _by_model(self, question: str, before: str, reader: Reader) -> str:
        assert self.model is not None
        reply = self.model.complete(render_followup(question, before, language_of(question)))
        return read_reply(reply, question, before, reader)


def read_reply(reply: str, question: str, before: str, reader: Reader) -> str:
    """The one line of a reply. UnusableError unless it can be the question with words of the one before alone."""
    lines = [line.strip() for line in THINKING.sub("", reply).splitlines() if line.strip()]
    if len(lines) != 1:
        raise UnusableError("its reply is not one line")
    text = " ".join(lines[0].strip(" \"“”'").split())
    if not any(map(str.isalnum, text)) or MARKS.search(text) or len(text) > _LONGEST * len(question + before):
        raise UnusableError("its reply is no plain question")
    if language_of(text) not in (language_of(question), language_of(before)):
        raise UnusableError("its reply is in another language")
    held, asked, known = (_names(one, reader) for one in (text, question, before))
    if lost := sorted(asked - held):
        raise UnusableError(f"its reply lacks {lost[0]}")
    if added := sorted(held - asked - known):
        raise UnusableError(f"its reply adds {added[0]}")
    return text


def _names(text: str, reader: Reader) -> set[str]:
    """Numbers, publishers and companies of a text, folded."""
    named = {fold(slot.text) for slot in reader.read(text).found if slot.name in ("publisher", "company")}
    return named | set(NUMBER.findall(fold(text)))


def _completed(question: str, asked: str, notices: tuple[str, ...] = ()) -> Completed:
    return Completed(asked, " ".join(question.split()) == asked or question == asked, notices)
