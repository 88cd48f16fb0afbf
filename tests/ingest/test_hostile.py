"""Files made to hang, crash or fill the reader: each ends with its reason, and the next good file is read.

The bombs are made here (bombs.py); with DATA_DIR, a fixed part of its hostile set is read too. All of that set:
`python tests/ingest/hostile_set.py DATA_DIR/hostile`.
"""

from __future__ import annotations

import importlib.util
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pymupdf
import pytest

from ingest.parse import ParseLimits, PdfParser
from rag.errors import IngestError


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


bombs, hostile_set = _load("bombs"), _load("hostile_set")
LIMITS = ParseLimits(
    page_seconds=3,
    file_seconds=9,
    cpu_seconds=9,
    memory_mb=450,
    file_mb=50,
    max_pages=100,
    max_objects=500_000,
    max_failed_pages=1,
    ocr="never",
)
PAST_A_LIMIT = r"REPORT_RAG_PARSE_(?:TIMEOUT_S|MEMORY_MB|CPU_S|FILE_TIMEOUT_S)"
TEXT = "a bomb with a line of text"
EXPECTED = {
    "deep_page_tree": TEXT,
    "page_tree_loop": "Invalid number of pages|cycle in page tree",
    "deep_arrays": TEXT,
    "million_objects": r"1000000 objects, more than 500000 \(REPORT_RAG_MAX_OBJECTS\)",
    "xref_loop": TEXT,
    "object_stream_loop": "1 pages",
    "ten_thousand_pages": r"first 100 of 10000 pages were read \(REPORT_RAG_MAX_PAGES\)",
    "bookmark_loop": TEXT,
    "nested_forms": PAST_A_LIMIT,
    "self_drawing_form": TEXT,
    "deep_forms": "stack overflow",
    "huge_page": "1 pages",
    "two_hundred_inches": "1 pages",
    "huge_image": f"{TEXT}|{PAST_A_LIMIT}",
    "deflated_twice_image": f"{TEXT}|{PAST_A_LIMIT}",
    "zip_bomb_content": PAST_A_LIMIT,
    "huge_numbers": TEXT,
    "path_operators": PAST_A_LIMIT,
    "text_of_millions": PAST_A_LIMIT,
    "self_painting_glyph": TEXT,
    "self_painting_pattern": f"stack overflow|{TEXT}",
    "shading_of_functions": f"{PAST_A_LIMIT}|{TEXT}",
    "self_masking_group": TEXT,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this process and its workers put temporary files."""
    made = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(made))
        patch.setattr(tempfile, "tempdir", None)
        yield made


@pytest.fixture(scope="module")
def parser(folder: Path) -> Iterator[PdfParser]:
    """One parser for all bombs, as in a batch; afterwards nothing of it is left."""
    before = set(psutil.Process().children())
    with PdfParser(LIMITS) as made:
        yield made
    left = [p for p in set(psutil.Process().children()) - before if "resource_tracker" not in " ".join(p.cmdline())]
    assert left == []


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "good.pdf"
    with pymupdf.open() as document:
        document.new_page().insert_text((50, 50), "a good report")
        document.save(path)
    return path


def outcome(parser: PdfParser, path: Path) -> str:
    """All that a user sees of a file."""
    try:
        report = parser.parse(path)
    except IngestError as exc:
        return str(exc)
    return f"{report.page_count} pages; {'; '.join(report.warnings)}; {' '.join(page.text for page in report.pages)}"


def test_every_bomb_has_its_expectation() -> None:
    assert {bomb.__name__ for bomb in bombs.BOMBS} == set(EXPECTED)


@pytest.mark.parametrize("bomb", bombs.BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_ends_with_its_reason_and_the_next_file_is_read(
    bomb: Callable[[Path], None], tmp_path: Path, folder: Path, parser: PdfParser, good: Path
) -> None:
    path = tmp_path / "bomb.pdf"
    bomb(path)
    started = time.monotonic()
    said = outcome(parser, path)
    spent = time.monotonic() - started
    assert re.search(EXPECTED[bomb.__name__], said), said
    assert "\n" not in said
    assert spent < LIMITS.file_seconds + 10  # a worker may have to be started, on a loaded machine
    assert outcome(parser, good) == "1 pages; ; a good report"
    assert list(folder.iterdir()) == []
    states = [child.status() for child in psutil.Process().children()]
    assert psutil.STATUS_ZOMBIE not in states


@pytest.mark.data
@pytest.mark.skipif("DATA_DIR" not in os.environ, reason="DATA_DIR is not set")
def test_a_part_of_the_hostile_set_does_as_expected(folder: Path) -> None:
    hostile = Path(os.environ["DATA_DIR"]) / "hostile"
    known = hostile_set.entries(hostile)
    part = [entry for entry in known if "password" in entry]
    part += random.Random(2024).sample([entry for entry in known if entry["size"] < 200_000], 25)
    with PdfParser(hostile_set.LIMITS) as parser:
        outcomes = [hostile_set.read_one(parser, hostile, entry) for entry in part]
    assert [(one.file, one.fault, one.result) for one in outcomes if one.fault] == []
    assert list(folder.iterdir()) == []
