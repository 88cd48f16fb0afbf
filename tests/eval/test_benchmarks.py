"""Saved runs to the section of a Markdown file."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmarks import BEGIN, END, main, newest, put
from rag.errors import UsageError


def test_a_section_is_put_in_place_of_the_old_one() -> None:
    text = f"# Title\n\n{BEGIN}\nold\n{END}\n\nthe rest\n"
    made = f"{BEGIN}\nnew\n{END}"
    assert put(text, made) == f"# Title\n\n{made}\n\nthe rest\n"
    assert put(put(text, made), made) == put(text, made)


@pytest.mark.parametrize("text", ["", BEGIN, f"{END} {BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"])
def test_a_file_without_its_place_is_left_alone(text: str) -> None:
    with pytest.raises(UsageError, match="each once"):
        put(text, f"{BEGIN}{END}")


def test_a_folder_without_runs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="holds no run with baselines"):
        newest(tmp_path)
    file = tmp_path / "a.md"
    file.write_text(f"{BEGIN}\n{END}\n")
    assert main([str(tmp_path), str(file)]) == 2
    assert main([str(tmp_path)]) == 2
    assert "holds no run" in capsys.readouterr().err
    assert file.read_text() == f"{BEGIN}\n{END}\n"
