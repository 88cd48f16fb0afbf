"""Labelled claims beside made-up pages: what is counted, by hand-worked values, and how faulty files end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from eval.claims import Judged, load_claims, run_claims, told_of
from eval.locate import report_id
from ingest.page import Reading, read_page
from rag.config import Settings
from rag.domain import Finding, Page, Verdict, VerdictLabel
from rag.errors import UsageError
from rag.verify import RuleVerifier

Fixture = Any
OWN = Path(__file__).parents[2] / "eval" / "data" / "claims.own.jsonl"
HEADER = "Tarnfield Research  client 7731"
TEXTS = [
    "Vessel Tram Works: order book full\n12 March 2024\nA first page with little on it.",
    "Trams are sold by the piece and by the dozen.",
    "Rails are laid by others.",
    "Bogies come from the Garnet plant.",
    "Vessel delivered 418 trams in 2023. It expects 455 in 2024.",
    "Wheels are bought from two suppliers.",
    "Nothing is said of cables here.",
    "The order book covers 26 months of production.",
    "The last page has no figures.",
]


def written(path: Path, *claims: dict[str, object]) -> Path:
    """A file of claims; what a claim leaves out is filled in."""
    right = {"lang": "en", "kind": "prose", "label": "supported", "type": "paraphrase"}
    lines = [json.dumps({"id": f"c{place}", **right, **claim}) for place, claim in enumerate(claims)]
    path.write_text("\n".join(lines), "utf-8")
    return path


class Said:
    """A verifier that says what it was told to, and keeps what it was asked."""

    def __init__(self, verdicts: dict[str, VerdictLabel]) -> None:
        self._verdicts = verdicts
        self.asked: list[tuple[str, str, str]] = []

    def verify(self, sentence: str, page_text: str, about: str = "") -> Finding:
        self.asked.append((sentence, page_text, about))
        return Finding(Verdict(self._verdicts[sentence], f"because of {sentence}"), 0, 0)


def test_counts_of_claims_beside_texts(tmp_path: Path) -> None:
    file = written(
        tmp_path / "claims.jsonl",
        {"claim": "a", "page": "P"},
        {"claim": "b", "page": "P", "kind": "table"},
        {"claim": "c", "page": "Q", "label": "unsupported", "type": "number", "kind": "table"},
        {"claim": "d", "page": "Q", "label": "unsupported", "type": "entity"},
        {"claim": "e", "page": "Q", "label": "partial", "type": "hedge", "lang": "zh"},
    )
    said = Said({"a": "supported", "b": "unsupported", "c": "unsupported", "d": "supported", "e": "partial"})
    run = run_claims(file, [], Settings(), said)
    assert said.asked[0] == ("a", "P", "")
    told = told_of(run.judged)
    assert (told.claims, told.errors, told.told, told.right) == (5, 3, 3, 2)
    assert told.shares == (2 / 3, 2 / 3, 1 / 2, 1 / 3)
    assert [one.id for one in run.wrong] == ["c1", "c3"]
    shown = run.as_text(show=True)
    rows = {" ".join(line.split()) for line in shown.splitlines()}
    assert "number, unit, date 3 1 2 1 0.50 1.00 0.50 1.00" in rows
    assert "table 2 1 2 1 0.50 1.00 0.50 1.00" in rows
    assert "zh 1 1 1 1 1.00 1.00 - 0.00" in rows
    assert {"unsupported 1 0 1", "entity error 1 0", "paraphrase true 2 1"} <= rows
    assert "c1 paraphrase: supported, but unsupported: because of b" in shown
    assert "because of" not in run.as_text()


def test_nothing_to_divide_by_is_no_share() -> None:
    right = Judged("c", "c", "supported", "paraphrase", "en", "", "supported", "")
    assert told_of([right]).shares == (None, None, None, None)


@pytest.fixture
def pdf(make_pdf: Fixture) -> Path:
    path: Path = make_pdf("trams/trams.pdf", *(f"{HEADER}\n\n\n{text}" for text in TEXTS))
    return path


def test_a_page_is_read_as_answers_are_checked(pdf: Path, tmp_path: Path) -> None:
    at = {"report": report_id(pdf), "page": 4}
    file = written(
        tmp_path / "claims.jsonl",
        {"claim": "In 2023 Vessel delivered 418 trams.", **at},
        {"claim": "In 2023 Vessel delivered 481 trams.", **at, "label": "unsupported", "type": "number"},
        {"claim": "Vessel has the client 7731.", **at, "label": "unsupported", "type": "invented"},
    )
    run = run_claims(file, [tmp_path], Settings(), RuleVerifier())
    assert [one.verdict for one in run.judged] == ["supported", "unsupported", "unsupported"]
    said = Said({one.claim: "supported" for one in run.judged})
    run_claims(file, [tmp_path], Settings(), said)
    _, text, about = said.asked[0]
    assert "418 trams" in text
    assert "7731" not in text, "a running header is no evidence"
    assert "Tarnfield Research" in about


def test_only_pages_that_are_needed_are_read(pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def spying(page: pymupdf.Page, number: int, reading: Reading) -> Page:
        read.append(number)
        return read_page(page, number, reading)

    monkeypatch.setattr("eval.excerpt.read_page", spying)
    file = written(tmp_path / "claims.jsonl", {"claim": "a", "report": report_id(pdf), "page": 6})
    run_claims(file, [tmp_path], Settings(), Said({"a": "supported"}))
    assert read == [0, 1, 2, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"label": "true"}, ":1: 'label' is \"true\": give one of supported, partial, unsupported"),
        ({"claim": " "}, ":1: 'claim' is empty: give a text"),
        ({"type": None}, ":1: 'type' is null: give a text"),
        ({"page": 4}, ":1: 'page' is 4: give a text"),
        ({"report": "f" * 16, "page": 4}, ":1: none of the 1 PDFs in "),
        ({"report": "HERE", "page": "4"}, ":1: 'page' is \"4\": give a zero-based page"),
        ({"report": "HERE", "page": 9}, ":1: page 9 is past the end of trams.pdf, which has the pages 0 to 8"),
        ({"report": "HERE", "page": -1}, ":1: page -1 is past the end of trams.pdf, which has the pages 0 to 8"),
        ({"report": "broken.pdf", "page": 0}, "broken.pdf cannot be read: not a PDF"),
    ],
)
def test_a_faulty_line_is_told(pdf: Path, tmp_path: Path, changes: dict[str, object], reason: str) -> None:
    (pdf.parent / "broken.pdf").write_bytes(b"no pdf")
    given = {"claim": "a", "page": "P", **changes}
    given = {key: report_id(pdf) if value == "HERE" else value for key, value in given.items()}
    if changes.get("report") != "broken.pdf":
        (pdf.parent / "broken.pdf").unlink()
    file = written(tmp_path / "claims.jsonl", given)
    with pytest.raises(UsageError) as told:
        run_claims(file, [pdf.parent], Settings(), Said({"a": "supported"}))
    assert reason in str(told.value)


def test_a_file_without_claims_or_folders_is_told(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    cases: Sequence[tuple[str, list[Path], str]] = [
        ("", [], "holds no claim"),
        ("[]", [], ":1: [] is no JSON object"),
        ("", [tmp_path / "none"], "no such folder"),
    ]
    for text, pdfs, reason in cases:
        file.write_text(text)
        with pytest.raises(UsageError, match=reason.replace("[", r"\[")):
            load_claims(file, pdfs)
    with pytest.raises(UsageError, match="name the folder of the reports with --pdfs"):
        load_claims(written(file, {"claim": "a", "report": "f" * 16, "page": 0}), [])
    with pytest.raises(UsageError, match="stands in line 1 already"):
        load_claims(written(file, {"id": "x", "claim": "a", "page": "P"}, {"id": "x", "claim": "b", "page": "P"}), [])
    with pytest.raises(UsageError, match=r"none\.jsonl cannot be read"):
        load_claims(tmp_path / "none.jsonl", [])


def test_our_own_claims_name_reports_by_their_hash_and_hold_no_page_text(pdf: Path) -> None:
    with pytest.raises(UsageError, match=r"claims\.own\.jsonl:1: none of the 1 PDFs"):
        load_claims(OWN, [pdf.parent])
    lines = [json.loads(line) for line in OWN.read_text("utf-8").splitlines()]
    assert len({line["id"] for line in lines}) == 100
    assert {tuple(line) for line in lines} == {("id", "report", "page", "lang", "kind", "label", "type", "claim")}
    assert all(isinstance(line["page"], int) for line in lines)
    assert sum(line["label"] == "supported" for line in lines) == 45
