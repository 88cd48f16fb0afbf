"""A question and passages to bare sentences, written by an LLM; its output is parsed strictly by rag/plain.py.

Output that holds nothing usable is shown to the model once with its fault; then it is a ModelError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rag.domain import Language, Passage, Style, Understood
from rag.errors import ModelError
from rag.plain import UnusableError, plain_outline, plain_sentences
from rag.ports import ChatModel, Message
from rag.prompt import instruction_lines, passage_keys, render_answer, render_digest, render_section

_T = TypeVar("_T")
_SHOWN_CHARS = 1000
_ASK_AGAIN: dict[Language, str] = {
    "zh": "上面的回复不能用：{fault}。请严格按要求重新写，只写正文。",
    "en": "The reply above cannot be used: {fault}. Write it again exactly as asked, the text alone.",
}


class LlmWriter:
    """Writes through `model`, giving it at most `max_chars` characters of passages."""

    def __init__(self, model: ChatModel, max_chars: int) -> None:
        self._model = model
        self._max_chars = max_chars

    @property
    def name(self) -> str:
        return "llm"

    @property
    def max_chars(self) -> int:
        return self._max_chars

    @property
    def model(self) -> str | None:
        return self._model.name

    def write(self, asked: Understood, passages: Sequence[Passage]) -> list[str]:
        """Sentences that answer the question in its language; empty where the passages do not answer it."""
        language = asked.language
        messages = render_answer(asked.topic, language, passages, self._max_chars)
        keys, echoes = passage_keys(passages), instruction_lines(messages) | {asked.topic.strip()}
        return self._ask(messages, language, lambda text: plain_sentences(text, language, keys, echoes))

    def write_digest(
        self, style: Style, language: Language, title: str, passages: Sequence[Passage]
    ) -> list[tuple[str, list[str]]]:
        """(heading, sentences) of the digest; a brief is one with an empty heading. Empty: nothing to summarise."""
        messages = render_digest(style, language, title, passages, self._max_chars)
        keys, echoes = passage_keys(passages), instruction_lines(messages) | {title.strip()}
        if style == "outline":
            return self._ask(messages, language, lambda text: plain_outline(text, language, keys, echoes))
        sentences = self._ask(messages, language, lambda text: plain_sentences(text, language, keys, echoes))
        return [("", sentences)] if sentences else []

    def write_section(self, language: Language, title: str, chapter: str, passages: Sequence[Passage]) -> list[str]:
        """Sentences that tell what one chapter of a report says; empty where it says nothing."""
        messages = render_section(language, title, chapter, passages, self._max_chars)
        keys, echoes = passage_keys(passages), instruction_lines(messages) | {title.strip(), chapter.strip()}
        return self._ask(messages, language, lambda text: plain_sentences(text, language, keys, echoes))

    def _ask(self, messages: list[Message], language: Language, parse: Callable[[str], _T]) -> _T:
        text = self._model.complete(messages)
        try:
            return parse(text)
        except UnusableError as fault:
            again = Message("user", _ASK_AGAIN[language].format(fault=fault))
        text = self._model.complete([*messages, Message("assistant", text[:_SHOWN_CHARS]), again])
        try:
            return parse(text)
        except UnusableError as fault:
            raise ModelError(
                f"the model {self._model.name} wrote nothing usable, twice ({fault}); set REPORT_RAG_LLM_MODEL to another"
            ) from fault
