"""A question and passages to bare sentences, written by an LLM; its output is parsed strictly (rag/plain.py).

Output that holds nothing usable is shown to the model once with its fault; then it is a ModelError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import structlog

from rag.cover import must_cover
from rag.domain import Language, Passage, Style, Understood, Usage
from rag.echoes import Echoes
from rag.errors import ModelError
from rag.growing import GrowingText
from rag.meter import Meter
from rag.plain import UnusableError, plain_outline, plain_sentences
from rag.ports import ChatModel, Message
from rag.prompt import instruction_lines, passage_keys, render_answer, render_digest, render_mend, render_section
from rag.reduce import Weigh
from rag.relevance import Relevance, Text
from rag.text import language_of
from rag.tokens import chars_within, tokens_of

_T = TypeVar("_T")
_SHOWN_CHARS = 1000
_PASSAGE_TOKENS = 60  # of the lines around a passage: its key, publisher, title
_LEAST_TOKENS = 500  # of passages, whatever the setting
_ASK_AGAIN: dict[Language, str] = {
    "zh": "上面的回复不能用：{fault}。请严格按要求重新写，只写正文。",
    "en": "The reply above cannot be used: {fault}. Write it again exactly as asked, the text alone.",
}


class LlmWriter:
    """Writes through `model`, whose context holds `context` tokens: prompt, passages and twice `max_tokens` of reply.

    One answer takes `seconds` at most, whatever calls it needs. `prices` are those of a million tokens given and written.
    """

    def __init__(
        self,
        model: ChatModel,
        context: int,
        *,
        max_tokens: int = 1024,
        seconds: float = 60.0,
        prices: tuple[float, float] = (0.0, 0.0),
        relevance: Relevance | None = None,
    ) -> None:
        self._model = model
        self._left_for_prompt = context - 2 * max_tokens  # a rewriting is asked for with the first text before it
        self._seconds = seconds
        self._prices = prices
        self._relevance = relevance

    @property
    def name(self) -> str:
        return "llm"

    @property
    def model(self) -> str | None:
        return self._model.name

    def draft(self, asked: Understood, passages: Sequence[Passage]) -> Draft:
        """An answer in the question's language, about to be written."""
        cover, weigh, language = must_cover(asked), self._weigh(asked), asked.language
        bare = render_answer(asked.topic, language, [], 0, cover=cover)
        room = self._room(bare, passages)
        messages = render_answer(asked.topic, language, passages, room, cover=cover, weigh=weigh)
        echoes = Echoes(frozenset({asked.topic.strip()}), instruction_lines(messages))
        meter = Meter(self._seconds, *self._prices)
        return Draft(self._model, messages, language, passage_keys(passages), echoes, meter)

    def write(self, asked: Understood, passages: Sequence[Passage]) -> list[str]:
        """Sentences that answer the question; empty where the passages do not answer it."""
        return list(self.draft(asked, passages).sentences())

    def write_digest(
        self, style: Style, language: Language, title: str, passages: Sequence[Passage]
    ) -> list[tuple[str, list[str]]]:
        """(heading, sentences) of the digest; a brief is one with an empty heading. Empty: nothing to summarise."""
        room = self._room(render_digest(style, language, title, [], 0), passages)
        messages = render_digest(style, language, title, passages, room)
        keys, echoes = passage_keys(passages), Echoes(frozenset({title.strip()}), instruction_lines(messages))
        if style == "outline":
            return self._ask(messages, language, lambda text: plain_outline(text, language, keys, echoes))
        sentences = self._ask(messages, language, lambda text: plain_sentences(text, language, keys, echoes))
        return [("", sentences)] if sentences else []

    def digest_room(self, language: Language, passages: Sequence[Passage]) -> int:
        """Characters of these passages that the context has room for, beside the prompt of a digest."""
        return self._room(render_digest("outline", language, "", [], 0), passages)

    def write_section(self, language: Language, title: str, chapter: str, passages: Sequence[Passage]) -> list[str]:
        """Sentences that tell what one chapter of a report says; empty where it says nothing."""
        room = self._room(render_section(language, title, chapter, [], 0), passages)
        messages = render_section(language, title, chapter, passages, room)
        keys = passage_keys(passages)
        echoes = Echoes(frozenset({title.strip(), chapter.strip()}), instruction_lines(messages))
        return self._ask(messages, language, lambda text: plain_sentences(text, language, keys, echoes))

    def _room(self, bare: Sequence[Message], passages: Sequence[Passage]) -> int:
        """Characters of passages that the context has room for, beside the prompt without them."""
        around = sum(tokens_of(message.content) for message in bare) + _PASSAGE_TOKENS * len(passages)
        left = max(_LEAST_TOKENS, self._left_for_prompt - around)
        return chars_within(left, "".join(passage.chunk.text for passage in passages))

    def _weigh(self, asked: Understood) -> Weigh | None:
        relevance = self._relevance
        if relevance is None:
            return None
        return lambda texts: relevance.shares(asked, [Text(text, "", "", language_of(text)) for text in texts])

    def _ask(self, messages: list[Message], language: Language, parse: Callable[[str], _T]) -> _T:
        text = self._model.complete(messages)
        try:
            return parse(text)
        except UnusableError as fault:
            again = _ask_again(text, fault, language)
        text = self._model.complete([*messages, *again])
        try:
            return parse(text)
        except UnusableError as fault:
            raise _unusable(self._model, fault) from fault


class Draft:
    """One answer under way: what the model was told, what it wrote, and what that took."""

    def __init__(
        self,
        model: ChatModel,
        messages: list[Message],
        language: Language,
        keys: Sequence[str],
        echoes: Echoes,
        meter: Meter,
    ) -> None:
        self._model = model
        self._messages = messages
        self._language = language
        self._keys = keys
        self._echoes = echoes
        self._meter = meter
        self._text = ""

    @property
    def usage(self) -> Usage:
        return self._meter.usage

    def sentences(self) -> Iterator[str]:
        """Each as it ends. ModelError where the model fails, also after some of them, or writes nothing usable twice."""
        try:
            yield from self._run(self._messages)
            return
        except UnusableError as fault:
            structlog.get_logger().info("llm reply unusable", reason=str(fault))
            again = _ask_again(self._text, fault, self._language)
        try:
            yield from self._run([*self._messages, *again])
        except UnusableError as fault:
            raise _unusable(self._model, fault) from fault

    def mend(self, failed: Sequence[tuple[str, str]]) -> Iterator[str]:
        """New sentences for those that did not pass, each given with the reason; none where the model has nothing usable."""
        shown = Message("assistant", "\n".join(sentence for sentence, _ in failed))
        turn = render_mend(failed, self._language)
        orders = self._echoes.orders | instruction_lines([turn])
        echoes = replace(self._echoes, orders=orders, reasons=tuple(why for _, why in failed))
        try:
            yield from self._run([*self._messages, shown, turn], echoes)
        except UnusableError as fault:
            structlog.get_logger().info("llm rewriting unusable", reason=str(fault))

    def _run(self, messages: Sequence[Message], echoes: Echoes | None = None) -> Iterator[str]:
        growing = GrowingText(self._language, self._keys, echoes or self._echoes)
        for piece in self._model.stream(messages, self._meter):
            yield from growing.add(piece)
        self._text = growing.text
        yield from growing.end()


def _ask_again(text: str, fault: UnusableError, language: Language) -> tuple[Message, Message]:
    return Message("assistant", text[:_SHOWN_CHARS]), Message("user", _ASK_AGAIN[language].format(fault=fault))


def _unusable(model: ChatModel, fault: UnusableError) -> ModelError:
    return ModelError(
        f"the model {model.name} wrote nothing usable, twice ({fault}); set REPORT_RAG_LLM_MODEL to another"
    )
