"""OpenAI's own client against the running server."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import openai
import pytest

from rag.cite import parse_markers

QUESTION = "How much did kelp prices rise in Norrvik Bay?"


@pytest.fixture
def chat(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        yield client


def ask(chat: openai.OpenAI, question: str, model: str = "report-rag") -> openai.types.chat.ChatCompletionMessage:
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "Something else?"},
        {"role": "assistant", "content": "No."},
        {"role": "user", "content": [{"type": "text", "text": question}]},
    ]
    done = chat.chat.completions.create(model=model, messages=messages, temperature=0.3)
    assert done.choices[0].finish_reason == "stop"
    return done.choices[0].message


def test_an_answer_with_its_annotations(chat: openai.OpenAI, url: str) -> None:
    message = ask(chat, QUESTION)
    assert "14%" in (message.content or "")
    assert message.annotations
    for annotation in message.annotations:
        cited = annotation.url_citation
        assert message.content
        marker = message.content[cited.start_index : cited.end_index]
        assert marker.startswith("[page::1](report:")
        picture = httpx.get(cited.url, timeout=60)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
        assert cited.url.startswith(f"{url}/v1/reports/")


def test_a_stream_says_the_same(chat: openai.OpenAI) -> None:
    whole = ask(chat, QUESTION, "report-rag-extractive")
    text, annotations, finish = "", [], None
    for chunk in chat.chat.completions.create(
        model="report-rag-extractive", messages=[{"role": "user", "content": QUESTION}], stream=True
    ):
        delta = chunk.choices[0].delta
        text += delta.content or ""
        annotations += (delta.model_extra or {}).get("annotations", [])
        finish = chunk.choices[0].finish_reason or finish
    assert text == whole.content
    assert finish == "stop"
    places = [(a["url_citation"]["start_index"], a["url_citation"]["end_index"]) for a in annotations]
    assert [parse_markers(text[start:end])[0].page for start, end in places] == [1] * len(places)
    assert places == [(a.url_citation.start_index, a.url_citation.end_index) for a in whole.annotations or ()]


def test_a_refusal_is_the_text(chat: openai.OpenAI) -> None:
    message = ask(chat, "What is the market share of graphite electrodes in Patagonia?")
    assert message.content
    assert not message.annotations


def test_models(chat: openai.OpenAI) -> None:
    assert [model.id for model in chat.models.list()] == ["report-rag", "report-rag-extractive", "report-rag-llm"]


def test_errors_are_those_of_the_client(chat: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-4'"):
        ask(chat, QUESTION, "gpt-4")
    with pytest.raises(openai.UnprocessableEntityError, match="no question"):
        ask(chat, " ")
    with pytest.raises(openai.ConflictError, match="REPORT_RAG_LLM_BASE_URL"):
        ask(chat, QUESTION, "report-rag-llm")
