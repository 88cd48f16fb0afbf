"""Reports found by file name and by the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from eval.locate import Shelf, is_report_id, report_id
from rag.errors import UsageError

Fixture = Any


def test_a_report_id_is_the_start_of_the_hash(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"one")
    assert report_id(file) == hashlib.sha256(b"one").hexdigest()[:16]
    assert is_report_id(report_id(file))
    assert not is_report_id("a.pdf")
    assert not is_report_id("A" * 16)


def test_a_file_that_changed_is_hashed_again(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"one")
    before = report_id(file)
    file.write_bytes(b"two")
    os.utime(file, ns=(1, 1))
    assert report_id(file) == hashlib.sha256(b"two").hexdigest()[:16] != before


def test_ids_are_found_in_and_below_the_folders(make_pdf: Fixture, tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    top, low = make_pdf("a.pdf", "one"), make_pdf("deep/er/b.PDF", "two")
    shelf = Shelf([tmp_path, tmp_path / "not there"])
    assert shelf.pdfs == tuple(sorted((top.resolve(), low.resolve())))
    assert shelf.find(report_id(low)) == low.resolve()
    with pytest.raises(UsageError, match=r"none of the 2 PDFs in .* has the report id '0{16}'"):
        shelf.find("0" * 16)


def test_names_are_found_in_the_folders_alone(make_pdf: Fixture, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    make_pdf("deep/b.pdf", "two")
    with pytest.raises(UsageError, match=r"'b\.pdf' is in none of"):
        Shelf([tmp_path]).find("b.pdf")
