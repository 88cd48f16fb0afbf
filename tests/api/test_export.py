"""An answer as a file: what is said of it is in the language of its sentences."""

from __future__ import annotations

from typing import get_args

import pytest

from api.compare import marked_text
from api.export import marked
from api.schemas import CitationOut, SentenceOut, VerdictOut
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
