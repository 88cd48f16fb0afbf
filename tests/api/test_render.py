from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from api.render import answer_json, answer_lines, correction_lines, origin_text, report_lines, to_json
from rag.domain import Answer, Fact, Page, Refusal, Report, Understood, Usage

REPORT = Report(
    "a" * 16,
    "a" * 64,
    "AH溢价",
    "中金公司",
    date(2025, 7, 7),
    "zh",
    2,
    ("/r/a.pdf",),
    datetime(2025, 8, 1, tzinfo=UTC),
    analysts=("张三", "Li Si"),
    facts=(Fact("title", "AH溢价", 0.9, 0, "page"), Fact("publisher", "中金公司", 0.95, 0, "page")),
)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (Fact("publisher", "x", 0.95, 0, "page"), "read on page 0, .95"),
        (Fact("publisher", "x", 1.0, 12, "page"), "read on page 12, 1.00"),
        (Fact("publisher", "x", 0.5, None, "page"), "read, .50"),
        (Fact("publisher", "x", 0.3, None, "file name"), "from the file's name, .30"),
        (Fact("publisher", "x", 0.3, None, "pdf"), "from the PDF's properties, .30"),
        (Fact("publisher", "x", 1.0, None, "sidecar"), "from its sidecar"),
        (Fact("publisher", "x", 1.0, None, "user"), "said by a user"),
    ],
)
def test_where_a_field_comes_from(fact: Fact, text: str) -> None:
    assert origin_text(fact) == text


def test_show_has_each_known_field_with_its_origin() -> None:
    pages = [Page(0, None, 1, 1, "", ()), Page(1, None, 1, 1, "", (), "ocr")]
    assert list(report_lines(REPORT, pages)) == [
        "AH溢价",
        "id             aaaaaaaaaaaaaaaa",
        "title          (read on page 0, .90)",
        "publisher      中金公司 (read on page 0, .95)",
        "published      2025-07-07",
        "language       zh",
        "analysts       张三; Li Si",
        "pages          2 (1 by ocr, 1 by text)",
        "source         /r/a.pdf",
    ]


def test_correct_says_what_changed_and_what_follows() -> None:
    after = replace(REPORT, publisher=None, analysts=(), target_price="12 kr")
    assert list(correction_lines(REPORT, after)) == [
        "publisher: 中金公司 -> unknown",
        "analysts: 张三; Li Si -> unknown",
        "target price: unknown -> 12 kr",
        "Note: digests of the report are out of date and made anew when asked for",
    ]
    assert list(correction_lines(REPORT, replace(REPORT, rating="Buy"))) == ["rating: unknown -> Buy"]
    assert list(correction_lines(REPORT, REPORT)) == ["no field changed; what was said is kept"]


def test_json_has_all_fields() -> None:
    shown = to_json(REPORT)
    assert shown["analysts"] == ["张三", "Li Si"]
    assert shown["facts"][0] == {"name": "title", "value": "AH溢价", "confidence": 0.9, "page": 0, "origin": "page"}


@pytest.mark.parametrize(
    ("usage", "line"),
    [
        (Usage(2, 1500, 50, 0.0035), "LLM: 2 call(s), 1500 tokens given, 50 written, cost 0.0035"),
        (Usage(1, 0, 0, 0.0), "LLM: 1 call(s), 0 tokens given, 0 written"),
    ],
)
def test_what_an_answer_took_of_the_llm_is_shown(usage: Usage, line: str) -> None:
    """Also where it refused, or failed: it was paid for."""
    answer = Answer(Understood("q", "en", "q"), (), Refusal("no"), (), "llm", "m", usage=usage)
    assert line in list(answer_lines(answer))
    assert answer_json(answer)["usage"] == to_json(usage)
    assert not any("tokens" in told for told in answer_lines(replace(answer, usage=None)))
