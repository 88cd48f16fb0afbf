"""A question to its wording in Chinese and English, by an LLM; its reply is read strictly, and a bad one is only a notice."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.domain import LANGUAGES, Language, Understood
from rag.errors import ModelError
from rag.plain import UnusableError
from rag.ports import ChatModel
from rag.prompt import render_rewrite
from rag.say import say
from rag.text import fold, language_of

_log = logging.getLogger(__name__)
THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_LINE = re.compile(r"(zh|en)\s*[:：]\s*(.+)", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\d.])(?:(?:19|20)\d{2}|\d{4,6})(?![\d.])")  # years and tickers: 3亿 may become 300 million
MARKS = re.compile(r"[<>＜＞\[\]{}|]|```|https?:")
_LONGEST = 4  # times the question's length, and
_SPARE = 80  # characters more


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The wording in each language, empty where there is none, and what a reader should know of it."""

    texts: Mapping[Language, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


class Rewriter:
    """Asks `model` once a question."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    def rewrite(self, understood: Understood) -> Rewritten:
        """Never raises ModelError: the question is used as it is, and a notice says so."""
        question, language = understood.topic, understood.language
        try:
            return Rewritten(read_reply(self._model.complete(render_rewrite(question, language)), question))
        except (ModelError, UnusableError) as exc:
            _log.info("stage=rewrite event=failed reason=%r", str(exc))
            return Rewritten(notices=(say("not_rewritten", language, reason=str(exc)),))


def read_reply(reply: str, question: str) -> dict[Language, str]:
    """The lines `ZH:` and `EN:` of a reply. UnusableError unless each is there once and can be the question."""
    lines = [line.strip() for line in THINKING.sub("", reply).splitlines() if line.strip()]
    read = [_LINE.fullmatch(line) for line in lines]
    if None in read or sorted(match[1].lower() for match in read if match) != ["en", "zh"]:
        raise UnusableError("its reply is not one line ZH: and one line EN:")
    texts = {match[1].lower(): " ".join(match[2].strip(" \"“”'").split()) for match in read if match}
    for language in LANGUAGES:
        _check(texts[language], language, question)
    return {language: texts[language] for language in LANGUAGES}


def _check(text: str, language: Language, question: str) -> None:
    name = language.upper()
    if language_of(text) != language or not any(map(str.isalnum, text)):
        raise UnusableError(f"its line {name}: is in another language")
    if len(text) > _LONGEST * len(question) + _SPARE or MARKS.search(text):
        raise UnusableError(f"its line {name}: is no plain question")
    held = set(NUMBER.findall(fold(text)))
    if lost := [number for number in NUMBER.findall(fold(question)) if number not in held]:
        raise UnusableError(f"its line {name}: lacks {lost[0]}")
    if added := sorted(held - set(NUMBER.findall(fold(question)))):
        raise UnusableError(f"its line {name}: adds {added[0]}")
