"""Small PDFs, a model folder converted once, and a set of two reports with an index of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pymupdf
import pytest

from eval.metrics import figures, places
from eval.report import Asked, EvalResult, FoundPage, Latency, Silence, save
from eval.run import GIVEN_LEVELS, own_settings, run_eval
from rag.config import Settings
from rag.domain import LegScore
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


# --- runs made by hand -----------------------------------------------------------------------------------------------

A, B = "a" * 16, "b" * 16
MakeRun = Callable[..., EvalResult]


def asked(id: str, found: Sequence[tuple[str, int]], **changes: object) -> Asked:
    """A question on page 1 of report A and what was found for it, best first."""
    legs = (LegScore("bm25", 2, 7.5, 0.25), LegScore("dense", 1, 0.9, 0.5))
    at = places(A, (1,), found)
    whole = Asked(
        id=id,
        lang="en",
        type=None,
        question=f"question {id}?",
        answerable=True,
        report="a.pdf",
        report_id=A,
        pages=(1,),
        places=at,
        given=places(A, (1,), [one for one in found if one[0] == A]),
        top=tuple(FoundPage(report, f"title {report[0]}", page, 0.75, legs) for report, page in found),
        covered=0.8,
        ms=12.0,
        given_ms=6.0,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # any field


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """`make_run("name", asked(...), ...)`: a run of these questions, saved; keywords change its fields."""

    def make(name: str, /, *questions: Asked, **changes: object) -> EvalResult:
        answerable = [one for one in questions if one.answerable]
        made = EvalResult(
            name=name,
            made="2025-07-15T09:30:00+00:00",
            code="0.1.0 abc1234",
            questions=len(questions),
            unanswerable=len(questions) - len(answerable),
            without_pages=0,
            reports=2,
            failures=(),
            figures=figures([one.judged(one.places) for one in answerable]),
            given=figures([one.judged(one.given) for one in answerable], GIVEN_LEVELS),
            baselines=(),
            silence=Silence(None, None, None),
            latency=Latency(12.0, 14.0),
            given_latency=Latency(6.0, 7.0),
            settings={},
            manifest={"model": "m"},
            asked=questions,
            saved=str(tmp_path / f"{name}.json"),
        )
        made = replace(made, **changes)  # type: ignore[arg-type]  # any field
        save(made)
        return made

    return make


@pytest.fixture
def make_asked() -> Callable[..., Asked]:
    return asked
