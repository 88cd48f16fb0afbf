"""The write way with its real parts: parser process, catalog, index engine, bundled model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Outcome, Pipeline
from ingest.service import check_readable, open_pipeline
from rag.config import Settings
from rag.embed import SentenceEmbedder
from rag.errors import ConfigurationError, IndexMismatchError, NotFoundError, UsageError
from rag.service import Service
from rag.store.edge import EdgeStore

MakePdf = Callable[..., Path]
TEXT = "The harvest of kelp rose 14% in 2024 because two hatcheries opened in the bay."
OTHER = "Canal traffic through the lock at Velde fell to 9,100 passages during 2023."


@dataclass(frozen=True)
class House:
    """A service and its write way on a data directory of its own."""

    service: Service
    pipeline: Pipeline

    def ingest(self, *paths: Path) -> list[Outcome]:
        return list(self.pipeline.ingest(discover(paths)))

    def chunk_ids(self) -> set[str]:
        return {
            chunk.id for report in self.service.catalog.reports() for chunk in self.service.catalog.chunks(report.id)
        }


@pytest.fixture
def house(tmp_path: Path, model_folder: Path, embedder: SentenceEmbedder) -> Iterator[House]:
    service = Service(Settings(data_dir=tmp_path / "data", embed_model=str(model_folder), ocr=False))
    service.embedder = embedder  # loaded once for all tests
    try:
        with open_pipeline(service) as pipeline:
            yield House(service, pipeline)
    finally:
        store = service.store
        assert isinstance(store, EdgeStore)
        store.shutdown_engine()
        service.close()


def test_the_same_bytes_are_read_once_and_live_until_their_last_source_goes(
    house: House, tmp_path: Path, make_pdf: MakePdf
) -> None:
    first = make_pdf(tmp_path / "a.pdf", [TEXT])
    copy = tmp_path / "b.pdf"
    copy.write_bytes(first.read_bytes())
    assert [o.status for o in house.ingest(first)] == ["added"]
    assert [o.status for o in house.ingest(first)] == ["unchanged"]
    assert [o.status for o in house.ingest(copy)] == ["second source"]
    (report,) = house.service.catalog.reports()
    assert len(report.sources) == 2
    assert house.pipeline.detach(str(first)) is None
    assert house.service.catalog.reports()[0].sources == (str(copy),)
    assert house.pipeline.detach(str(copy)) == report.id
    assert house.service.catalog.reports() == []
    assert house.service.store.ids() == set()
    assert not list((tmp_path / "data" / "files").rglob("*.pdf"))


def test_a_changed_file_replaces_its_old_version_everywhere(house: House, tmp_path: Path, make_pdf: MakePdf) -> None:
    path = make_pdf(tmp_path / "a.pdf", [TEXT])
    (old,) = house.ingest(path)
    make_pdf(path, [OTHER])
    (new,) = house.ingest(path)
    assert (old.status, new.status) == ("added", "updated")
    assert [r.id for r in house.service.catalog.reports()] == [new.report_id]
    assert house.service.store.ids(str(old.report_id)) == set()
    found = house.service.retriever.retrieve("kelp harvest in the bay").passages
    assert all("kelp" not in p.chunk.text for p in found)
    assert [v.report_id for v in house.service.catalog.history(str(path))] == [old.report_id, new.report_id]


def test_a_failed_file_is_recorded_and_the_rest_goes_on(house: House, tmp_path: Path, make_pdf: MakePdf) -> None:
    bad, good = tmp_path / "a_bad.pdf", make_pdf(tmp_path / "b_good.pdf", [TEXT])
    bad.write_bytes(b"no pdf")
    empty = make_pdf(tmp_path / "c_empty.pdf", [" "])
    outcomes = house.ingest(tmp_path)
    assert [(o.status, o.reason and o.reason[:9]) for o in outcomes] == [
        ("failed", "not a PDF"),
        ("added", None),
        ("failed", "no text o"),
    ]
    assert {f.source for f in house.service.catalog.failures()} == {str(bad), str(empty)}
    bad.write_bytes(good.read_bytes())
    assert house.ingest(bad)[0].status == "second source"
    assert {f.source for f in house.service.catalog.failures()} == {str(empty)}


def test_what_an_interrupted_run_left_is_cleared_and_done_again(
    house: House, tmp_path: Path, make_pdf: MakePdf
) -> None:
    path = make_pdf(tmp_path / "a.pdf", [TEXT, OTHER])
    house.ingest(path)
    undisturbed, points = house.chunk_ids(), house.service.store.ids()
    report = house.service.catalog.reports()[0]
    parsed, chunks = house.service.catalog.stored(report.id), house.service.catalog.chunks(report.id)
    house.pipeline.delete(report.id)
    house.service.catalog.stage(report, parsed, chunks, pipeline=house.pipeline.fingerprint)  # as if killed just then
    assert house.service.catalog.reports() == []
    assert house.ingest(path)[0].status == "added"
    assert (house.chunk_ids(), house.service.store.ids()) == (undisturbed, points)


def test_delete_leaves_nothing_to_cite(house: House, tmp_path: Path, make_pdf: MakePdf) -> None:
    (kept, gone) = house.ingest(make_pdf(tmp_path / "a.pdf", [OTHER]), make_pdf(tmp_path / "b.pdf", [TEXT]))
    house.pipeline.delete(str(gone.report_id))
    passages = house.service.retriever.retrieve("harvest of kelp").passages
    assert {p.report.id for p in passages} <= {kept.report_id}
    with pytest.raises(NotFoundError):
        house.service.catalog.report(str(gone.report_id))


def test_an_index_of_other_settings_is_named_and_rebuilt(house: House, tmp_path: Path, make_pdf: MakePdf) -> None:
    house.ingest(make_pdf(tmp_path / "a.pdf", [TEXT + " " + OTHER]), make_pdf(tmp_path / "b.pdf", [OTHER]))
    before = house.chunk_ids()
    other = Service(house.service.settings.model_copy(update={"chunk_chars": 100}))
    other.embedder = house.service.embedder
    try:
        with pytest.raises(IndexMismatchError, match=r"chunker is 1, 700 wide .* 100 wide now.*report-rag reindex"):
            check_readable(other)
        with pytest.raises(IndexMismatchError), open_pipeline(other):
            pass
        with open_pipeline(other, rebuild=True) as pipeline:
            next(pipeline.reindex())  # stopped after the first of two reports
        with pytest.raises(IndexMismatchError, match="1 reports of the catalog are not in the index"):
            check_readable(other)
        with open_pipeline(other, rebuild=True) as pipeline:
            assert len(list(pipeline.reindex())) == 1  # only the one that waits
        check_readable(other)
        assert {p.chunk.id for p in other.retriever.retrieve("kelp").passages} - before
    finally:
        other.close()


def test_a_half_rebuilt_index_is_not_read(house: House, tmp_path: Path, make_pdf: MakePdf) -> None:
    house.ingest(make_pdf(tmp_path / "a.pdf", [TEXT]))
    house.service.catalog.mark_outdated("chunk again")
    with pytest.raises(IndexMismatchError, match="1 reports of the catalog are not in the index"):
        check_readable(house.service)


def test_an_empty_index_says_how_to_fill_it(tmp_path: Path, model_folder: Path) -> None:
    service = Service(Settings(data_dir=tmp_path / "new", embed_model=str(model_folder)))
    try:
        with pytest.raises(UsageError, match="report-rag ingest"):
            check_readable(service)
    finally:
        EdgeStore(tmp_path / "new" / "index").shutdown_engine()
        service.close()


def test_a_data_directory_that_cannot_be_written(tmp_path: Path, model_folder: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    service = Service(Settings(data_dir=tmp_path / "file", embed_model=str(model_folder)))
    with pytest.raises(ConfigurationError), open_pipeline(service):
        pass
    service.close()
