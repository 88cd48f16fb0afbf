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


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ()),
        ("hush1", ("hush1",)),
        ("hush1, hush2,", ("hush1", "hush2")),
        ('["hush,1", " hush 2 "]', ("hush,1", " hush 2 ")),
    ],
)
def test_passwords_are_parted_by_commas_or_a_json_list(
    monkeypatch: pytest.MonkeyPatch, given: str, expected: tuple[str, ...]
) -> None:
    monkeypatch.setenv("REPORT_RAG_PDF_PASSWORDS", given)
    settings = load_settings()
    assert settings.passwords == expected
    assert not any(password in repr(settings) for password in expected)


@pytest.mark.parametrize("given", ['["hush"', '["hush", 1]', "[hush]"])
def test_passwords_that_are_no_list_are_an_error_that_does_not_show_them(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("REPORT_RAG_PDF_PASSWORDS", given)
    with pytest.raises(ConfigurationError, match=r"REPORT_RAG_PDF_PASSWORDS: .*commas") as caught:
        load_settings()
    assert "hush" not in str(caught.value)
    assert "hush" not in str(caught.value.__cause__)


def test_the_docs_show_the_defaults() -> None:
    for name in ("parse_timeout_s", "parse_memory_mb", "max_objects", "max_chars"):
        line = next(one for one in DOC.read_text("utf-8").splitlines() if f"`REPORT_RAG_{name.upper()}`" in one)
        assert f"`{Settings.model_fields[name].default}`" in line


def test_the_limits_of_the_reader_are_those_of_the_settings() -> None:
    from ingest.limits import ParseLimits

    fields = {
        "page_seconds": "parse_timeout_s",
        "file_seconds": "parse_file_timeout_s",
        "cpu_seconds": "parse_cpu_s",
        "memory_mb": "parse_memory_mb",
        "file_mb": "max_file_mb",
        "max_pages": "max_pages",
        "max_objects": "max_objects",
        "page_chars": "max_page_chars",
        "all_chars": "max_chars",
        "max_failed_pages": "max_failed_pages",
        "layout": "layout",
        "ocr": "ocr",
        "ocr_dpi": "ocr_dpi",
    }
    for limit, setting in fields.items():
        assert getattr(ParseLimits(), limit) == Settings.model_fields[setting].default
