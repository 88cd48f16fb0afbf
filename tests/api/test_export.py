"""An answer as a file: what is said of it is in the language of its sentences."""

from __future__ import annotations

import io
from typing import get_args

import pytest
from docx import Document

from api.compare import marked_text
from api.export import marked
from api.schemas import AnswerOut, CitationOut, SentenceOut, VerdictOut
from api.word import answer_docx
from rag.domain import VerdictLabel
from rag.say import say


def sentence(text: str, label: str, reason: str) -> SentenceOut:
    cited = CitationOut(
        report_id="a" * 16,
        page=3,
        page_label=None,
        publisher="中金公司",
        title="AH溢价",
        published=None,
        quote="q",
        boxes=[],
        verdict=VerdictOut(label=label, reason=reason),  # type: ignore[arg-type]  # tests write plain strings
        read_by="text",
    )
    return SentenceOut(text=text, citations=[cited])


@pytest.mark.parametrize(
    ("text", "label", "note", "line"),
    [
        ("溢价收窄。", "supported", "“q”", "(report:aaaaaaaaaaaaaaaa)"),
        ("溢价收窄。", "partial", "“q”（部分有据：why）", "（部分有据）"),
        ("溢价收窄。", "unsupported", "“q”（无据：why）", "（部分有据）"),
        ("The premium narrowed.", "partial", "“q” (partly supported: why)", " (partly supported)"),
    ],
)
def test_a_verdict_is_told_in_the_language_of_its_sentence(text: str, label: str, note: str, line: str) -> None:
    notes: list[str] = []
    one = sentence(text, label, "why")
    assert marked(one, notes).endswith("[^1]")
    assert notes[0].endswith(note)
    assert marked_text(one).endswith(line)


@pytest.mark.parametrize("label", get_args(VerdictLabel))
def test_each_verdict_has_its_word(label: str) -> None:
    assert say(f"verdict_{label}", "zh") != say(f"verdict_{label}", "en")


def test_what_xml_cannot_hold_is_left_out_of_a_word_document() -> None:
    one = sentence("溢价\x0c收窄\ufffe。", "partial", "w\x00hy")
    answer = AnswerOut.model_construct(
        question="q\x01", language="zh", refusal=None, sentences=[one, one], notices=["n\ud800"]
    )
    lines = [paragraph.text for paragraph in Document(io.BytesIO(answer_docx(answer))).paragraphs]
    assert lines[:4] == ["q", "溢价收窄。 [1]（部分有据：why）", "溢价收窄。 [1]（部分有据：why）", "n"]
    assert lines[4] == "来源"
    assert lines[5:] == ["[1] 中金公司, AH溢价, 第 4 页 [page::3](report:aaaaaaaaaaaaaaaa): “q”"]
