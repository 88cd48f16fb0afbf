from pathlib import Path

import pytest

from rag.config import Settings, load_settings
from rag.errors import ConfigurationError

DOC = Path(__file__).parents[2] / "docs" / "config.md"


def test_every_setting_has_its_line_in_the_docs() -> None:
    lines = DOC.read_text("utf-8").splitlines()
    for name, field in Settings.model_fields.items():
        line = next((one for one in lines if one.startswith(f"| `REPORT_RAG_{name.upper()}` |")), None)
        assert line is not None, f"docs/config.md lacks REPORT_RAG_{name.upper()}"
        assert str(field.description) in line


def test_the_docs_name_no_setting_that_is_gone() -> None:
    named = {line.split("`")[1] for line in DOC.read_text("utf-8").splitlines() if line.startswith("| `REPORT_RAG_")}
    assert named == {f"REPORT_RAG_{name.upper()}" for name in Settings.model_fields}


def test_a_bad_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_RAG_CHUNK_CHARS", "tiny")
    with pytest.raises(ConfigurationError, match="REPORT_RAG_CHUNK_CHARS"):
        load_settings()


def test_the_environment_is_read_with_the_prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REPORT_RAG_PORT", "9000")
    settings = load_settings(data_dir=tmp_path, host=None)
    assert (settings.port, settings.data_dir, settings.host) == (9000, tmp_path, "127.0.0.1")


def test_secrets_are_not_shown() -> None:
    assert "hush" not in repr(load_settings(llm_api_key="hush"))
