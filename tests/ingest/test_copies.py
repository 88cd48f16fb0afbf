"""Copies of PDFs: whole or not there, and nothing of one stays behind its report."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import ingest
from ingest.copies import copy_of, drop_copies, keep_copy

SHA256 = "9f2c41d0aa17b3e5" * 4


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_copy_is_kept_once_and_dropped_by_the_id_of_its_report(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    original.write_bytes(b"%PDF-1.7")
    files = tmp_path / "files"
    keep_copy(files, original, SHA256)
    original.write_bytes(b"other")
    keep_copy(files, original, SHA256)
    assert files_in(files) == [copy_of(files, SHA256)]
    assert copy_of(files, SHA256).read_bytes() == b"%PDF-1.7"
    drop_copies(files, "0" * 16)
    assert files_in(files) != []
    drop_copies(files, SHA256[:16])
    assert files_in(files) == []


def test_a_copy_whose_making_was_killed_goes_with_its_report(tmp_path: Path) -> None:
    source, files = tmp_path / "slow.pdf", tmp_path / "files"
    os.mkfifo(source)  # the copy goes on for as long as something may come
    code = f"from pathlib import Path; from ingest.copies import keep_copy; keep_copy(Path({str(files)!r}), Path({str(source)!r}), {SHA256!r})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(ingest.__file__).parents[1])
    with source.open("wb"):
        while not files_in(files):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait()
    assert len(files_in(files)) == 1
    assert not copy_of(files, SHA256).exists()
    drop_copies(files, SHA256[:16])
    assert files_in(files) == []
