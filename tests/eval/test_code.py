"""A checkout is named by its commit and by what was changed in it."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

from eval.code import code_version


def _git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(root), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_commit_and_its_changes(tmp_path: Path) -> None:
    release = version("report-rag")
    assert code_version(tmp_path) == release
    _git(tmp_path, "init")
    (tmp_path / "a.py").write_text("one\n")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-m", "one")
    commit = _git(tmp_path, "rev-parse", "--short=7", "HEAD")
    code_version.cache_clear()
    assert code_version(tmp_path) == f"{release} {commit}"
    (tmp_path / "a.py").write_text("two\n")
    code_version.cache_clear()
    changed = code_version(tmp_path)
    assert changed.startswith(f"{release} {commit}+")
    (tmp_path / "a.py").write_text("three\n")
    code_version.cache_clear()
    assert code_version(tmp_path) not in (changed, f"{release} {commit}")


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    _git(tmp_path, "init")
    assert code_version(tmp_path) == version("report-rag")
