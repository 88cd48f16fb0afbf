"""The command that holds a conversation, a question a line: `chat`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

import typer

from api import render
from api.cli_parts import DataDir, LanguageOption, PublisherOption, Since, Until, err, limits_of, open_reading, out
from api.routes.reading import keep_answer
from rag.answer import WriterChoice
from rag.catalog import new_id
from rag.errors import UsageError

app = typer.Typer()
_ENDS = frozenset({"exit", "quit", "bye", "退出", "再见"})
_FORGETS = frozenset({"new", "/new", "新话题"})


@app.command()
def chat(
    publisher: PublisherOption = None,
    since: Since = None,
    until: Until = None,
    language: LanguageOption = None,
    writer: Annotated[WriterChoice, typer.Option(help="auto: the LLM where one is configured.")] = "auto",
    data_dir: DataDir = None,
) -> None:
    """Questions one after the other, also from a pipe; follow-ups (`and CICC?`) are completed. `exit` ends it."""
    with open_reading(data_dir) as service:
        limits = limits_of(service, publisher, since, until, language)
        before, conversation = None, new_id()
        for question in _questions():
            if question.lower() in _FORGETS:
                before, conversation = None, new_id()
                continue
            try:
                completed = service.conversations.complete(question, before, llm=writer != "extractive")
                answer = service.answerer.answer(completed.question, limits, writer=writer)
                answer = replace(answer, notices=(*completed.notices, *answer.notices))
                keep_answer(service, answer, conversation, None if completed.as_typed else question)
            except UsageError as exc:
                err.print(f"error: {exc}")
                continue
            before = completed.question
            if not completed.as_typed:
                out.print(f"Asked: {before}")
            for line in render.answer_lines(answer):
                out.print(line)
            out.print()


def _questions() -> Iterator[str]:
    """Lines until one that ends the conversation; a person is prompted."""
    asks = sys.stdin.isatty()
    with suppress(EOFError):
        while True:
            line = (input("> ") if asks else _line()).strip()
            if line.lower() in _ENDS:
                return
            if line:
                if not asks:
                    out.print(f"> {line}")
                yield line


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
