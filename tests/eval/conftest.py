"""Small PDFs, a model folder converted once, and a set of two reports with an index of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf
import pytest

from eval.report import EvalResult
from eval.run import own_settings, run_eval
from rag.config import Settings
from rag.service import Service

MakePdf = Callable[..., Path]
WriteLabels = Callable[..., Path]

TRAMS = (
    "Vessel Tram Works: order book full\nTarnfield Research\n12 March 2024\n"
    "Vessel Tram Works delivered 418 trams in 2023 and expects 455 in 2024.\n"
    "The order book covers 26 months of production at the Garnet plant.",
    "Margins of the tram business\nThe operating margin of Vessel rose from 6.4% to 8.1% on better prices.\n"
    "We expect 9.0% in 2025, helped by the new bogie line.",
)
SALMON = (
    "Northern salmon farming: lice and licences\nTarnfield Research\n3 June 2024\n"
    "Harvest volumes of the five salmon farmers fell 4.2% because of sea lice.\n"
    "Smolt prices reached 19.5 crowns a piece.",
    "Feed costs of salmon\nFish meal makes up 37% of the feed costs of a salmon farm.\n"
    "A ton of feed cost 14,250 crowns in May.",
    "Licences\nNo new farming licences were granted in the northern zone in 2024.",
)


def write_pdf(path: Path, pages: Sequence[str]) -> Path:
    """One page a text; Chinese and full-width characters are drawn too."""
    with pymupdf.open() as document:
        for text in pages:
            page = document.new_page(width=595, height=842)
            page.insert_text((60, 80), text, fontname="helv" if text.isascii() else "china-s", fontsize=11)
        path.parent.mkdir(parents=True, exist_ok=True)
        document.save(path)
    return path


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """`make_pdf("a.pdf", "page 0", "page 1")` lies in tmp_path."""
    return lambda name, *pages: write_pdf(tmp_path / name, pages)


def label(**changes: object) -> dict[str, object]:
    """A right label of `pdfs/a.pdf`, changed where told."""
    right: dict[str, object] = {
        "id": "q1",
        "question": "How many trams were delivered?",
        "answer": "418",
        "report": "a.pdf",
        "pages": [0],
        "lang": "en",
        "answerable": True,
    }
    return {**right, **changes}


@pytest.fixture
def write_labels(tmp_path: Path) -> WriteLabels:
    """Labels given as changes to a right one, or as raw lines, to tmp_path/qa.jsonl; a.pdf of two pages in pdfs/."""

    def write(*lines: dict[str, object] | str) -> Path:
        write_pdf(tmp_path / "pdfs" / "a.pdf", ["one", "two"])
        rows = [line if isinstance(line, str) else json.dumps(label(**line)) for line in lines]
        (tmp_path / "qa.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
        return tmp_path

    return write


@dataclass(frozen=True)
class EvalSet:
    """A folder of two reports, the settings given to run_eval, what it found first, and what it said then."""

    folder: Path
    settings: Settings
    result: EvalResult
    said: tuple[str, ...]

    @property
    def own(self) -> Settings:
        return own_settings(self.settings, self.folder.name)


@pytest.fixture(scope="session")
def eval_set(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[EvalSet]:
    """Run once over two small reports; the engine process of its index ends with the session."""
    folder = tmp_path_factory.mktemp("sets") / "mini"
    write_pdf(folder / "pdfs" / "trams.pdf", TRAMS)
    write_pdf(folder / "pdfs" / "salmon.pdf", SALMON)
    labels = [
        label(id="t0", question="How many trams did Vessel Tram Works deliver in 2023?", report="trams.pdf"),
        label(id="s1", question="What does a ton of salmon feed cost?", report="salmon.pdf", pages=[1]),
        label(id="s-", question="Why did salmon harvest volumes fall?", report="salmon.pdf", pages=[], lang="x"),
        label(id="no", question="Who is the chairman of Vessel?", report=None, pages=[], answerable=False),
    ]
    (folder / "qa.jsonl").write_text("\n".join(map(json.dumps, labels)))
    data_dir = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=data_dir, embed_model=str(model_folder), database_url="", qdrant_url="")
    said: list[str] = []
    result = run_eval(folder, [], settings, say=said.append)
    made = EvalSet(folder, settings, result, tuple(said))
    yield made
    end_engine(made.own)


def end_engine(settings: Settings) -> None:
    from rag.store.edge import EdgeStore

    store = Service(settings).store
    assert isinstance(store, EdgeStore)
    store.shutdown_engine()
    store.close()
