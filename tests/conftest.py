"""Fixtures for all tests. Test modules write `from scripted_llm import say`; importlib mode has no path to it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("any machine", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("any machine")


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_scripted_llm = _load("scripted_llm")
_load("broker_report")
_load("made_corpus")
_load("made_statements")
_load("served")


@pytest.fixture
def llm_server() -> Iterator[Any]:
    """A ScriptedLLM on a free loopback port."""
    with _scripted_llm.scripted_llm() as server:
        yield server


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled embedding model, converted once for all tests."""
    from rag.bundled import ensure_bundled_model

    return ensure_bundled_model(tmp_path_factory.mktemp("models"), lambda _: None)


@pytest.fixture(scope="session")
def sentences(model_folder: Path) -> Any:
    """The bundled model, loaded once."""
    from rag.e5 import E5Embedder

    return E5Embedder(lambda: model_folder)


@pytest.fixture(scope="session")
def embedder(sentences: Any) -> Any:
    """The bundled model beside the one for questions in another language, as a service has them, loaded once."""
    from rag.across import JointEmbedder, UniversalEncoder

    return JointEmbedder(sentences, UniversalEncoder())


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., Path]:
    """`make_pdf(path, pages)`: one page a text, its first line large where it has several."""
    import pymupdf

    def make(path: Path, pages: list[str]) -> Path:
        with pymupdf.open() as document:
            for text in pages:
                page = document.new_page()
                font = "helv" if text.isascii() else "china-s"
                top = 72
                if "\n" in text:
                    title, text = text.split("\n", 1)
                    page.insert_text((72, top), title, fontname=font, fontsize=20)
                    top = 110
                page.insert_textbox((72, top, 520, 760), text, fontname=font, fontsize=11)
            document.save(path, no_new_id=True)
        return path

    return make
