"""Of a report that was deleted no file of SQLite has a word, however it was laid out in its pages and log."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rag.catalog import Catalog, engine, new_id
from rag.domain import Digest, Section, Sentence

pytestmark = pytest.mark.skipif(bool(os.environ.get("REPORT_RAG_TEST_DATABASE_URL")), reason="SQLite only")
WORD = "Quintelmarsh"
Make = Callable[..., Any]


def told(number: int, most: int) -> str:
    """A text that tells the word often; of many lengths, as SQLite keeps long ones elsewhere than short ones."""
    return " ".join(f"{WORD}{number}-{i}" for i in range(1 + number * number % most))


def full_of(made: Any, word_of: Callable[[int], str]) -> Any:
    """The report with other texts in its title, pages and chunks."""
    pages = tuple(
        replace(page, text=word_of(n), blocks=(), tables=(), figures=()) for n, page in enumerate(made.parsed.pages)
    )
    chunks = tuple(replace(chunk, text=word_of(n), grid=None) for n, chunk in enumerate(made.chunks))
    report = replace(made.report, title=word_of(0), company=word_of(1))
    return replace(made, report=report, parsed=replace(made.parsed, pages=pages), chunks=chunks)


def bring(catalog: Catalog, made: Any) -> None:
    """The report with a digest and a kept answer, published."""
    catalog.stage(made.report, made.parsed, made.chunks, pipeline="p1")
    catalog.publish(made.id, f"/reports/{made.id}.pdf")
    sections = (Section("", (Sentence(made.parsed.pages[3].text, ()),)),)
    catalog.save_digest(Digest(made.id, "brief", "zh", sections, "extractive", None, "1", datetime.now(UTC)))
    catalog.ledger.keep_answer(new_id(), "c", made.parsed.pages[5].text, [made.id])
    catalog.requests.begin(made.id, "f")
    catalog.requests.end(made.id, made.parsed.pages[7].text, [made.id])


def told_by(folder: Path) -> list[str]:
    return [file.name for file in sorted(folder.glob("catalog.sqlite*")) if WORD.encode() in file.read_bytes()]


@pytest.fixture
def others(catalog: Catalog, make: Make) -> list[Any]:
    """Reports that stay, between whose rows those of the deleted one lie."""
    random.seed(7)
    made = [
        full_of(make(digit, pages=40), lambda n: "".join(random.choices("abcdefgh ", k=n * n * 7 % 5000)))
        for digit in "bcde"
    ]
    for one in made[:2]:
        bring(catalog, one)
    return made


def test_of_a_deleted_report_no_file_has_a_word(
    catalog: Catalog, make: Make, others: list[Any], tmp_path: Path
) -> None:
    gone = full_of(make("a", pages=60), lambda n: told(n, 400))
    bring(catalog, gone)
    for one in others[2:]:
        bring(catalog, one)
    assert told_by(tmp_path)
    catalog.hide(gone.id)
    catalog.remove(gone.id)
    assert told_by(tmp_path) == []
    assert len(catalog.reports()) == 4


def test_where_a_reader_holds_on_the_next_delete_wipes(
    catalog: Catalog, make: Make, others: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WIPE_S", 0.05)
    gone = full_of(make("a", pages=60), lambda n: told(n, 400))
    bring(catalog, gone)
    with engine.begin_read(catalog.engine) as reading:
        assert reading.exec_driver_sql("SELECT count(*) FROM reports").scalar() == 3
        catalog.remove(gone.id)
        assert not engine.wipe(catalog.engine)
        assert told_by(tmp_path)
    assert engine.wipe(catalog.engine)
    assert told_by(tmp_path) == []
