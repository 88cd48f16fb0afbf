"""The main job on a small fixed part of the real reports: the three smallest Chinese ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.answers import Label, run_answers, run_digests
from ingest.discover import discover
from ingest.service import open_pipeline
from rag.config import Settings
from rag.ports import Embedder
from rag.service import Service
from rag.store.edge import EdgeStore


@pytest.fixture(scope="module")
def service(
    data: Path, tmp_path_factory: pytest.TempPathFactory, model_folder: Path, embedder: Embedder
) -> Iterator[Service]:
    made = Service(Settings(data_dir=tmp_path_factory.mktemp("real"), embed_model=str(model_folder)))
    made.embedder = embedder
    smallest = sorted((data / "zh_broker" / "pdfs").iterdir(), key=lambda path: (path.stat().st_size, path.name))[:3]
    with open_pipeline(made) as pipeline:
        assert [o.status for o in pipeline.ingest(discover(smallest))] == ["added"] * 3
        assert [o.status for o in pipeline.ingest(discover(smallest))] == ["unchanged"] * 3
    yield made
    store = made.store
    assert isinstance(store, EdgeStore)
    store.shutdown_engine()
    made.close()


def test_every_sentence_is_cited_and_every_number_stands_on_its_page(service: Service) -> None:
    asked = {"filing": "营业收入是多少？"}
    questions = [
        f"{report.title}的{asked.get(report.type or '', '核心结论是什么？')}" for report in service.catalog.reports()
    ]
    ran = run_answers(service, [Label(q) for q in questions])
    assert ran.answered >= 2
    assert ran.check.sentences == ran.check.cited > 0
    assert ran.check.markers == ran.check.valid_markers
    assert ran.check.numbers == ran.check.numbers_found
    assert ran.check.faults == ()


def test_digests_hold_up_as_well(service: Service) -> None:
    ran = run_digests(service, "brief")
    assert ran.check.sentences == ran.check.cited > 0
    assert ran.check.faults == ()


def test_publisher_and_date_are_read(service: Service) -> None:
    for report in service.catalog.reports():
        assert report.publisher
        assert report.published
        assert len(report.title) >= 6
