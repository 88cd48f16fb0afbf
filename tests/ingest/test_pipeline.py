"""The write way with its real parts: parser process, catalog, index engine, bundled model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ingest.copies import copy_of
from ingest.correct import said_by_user, user_facts
from ingest.discover import Found, discover
from ingest.pipeline import EMBED_AGAIN, READ_AGAIN, Outcome, Pipeline
from ingest.service import check_readable, open_pipeline
from rag.config import Settings
from rag.domain import Fact, Point, Report
from rag.errors import ConfigurationError, IndexMismatchError, IngestError, NotFoundError, UsageError
from rag.ports import Embedder
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

    def ingest(self, *paths: Path, **said: object) -> list[Outcome]:
        return list(self.pipeline.ingest(discover(paths), said=self.said(**said)))

    def statuses(self, *paths: Path, **said: object) -> list[str]:
        return [outcome.status for outcome in self.ingest(*paths, **said)]

    def said(self, **values: object) -> tuple[Fact, ...]:
        return user_facts(said_by_user(values), self.service.publishers)

    def report(self) -> Report:
        (report,) = self.service.catalog.reports()
        return report

    def found_by(self, word: str) -> set[str]:
        """Ids of the points that hold a word, in a chunk or in the line in front of it."""
        return {hit.id for hit in self.service.store.query("bm25", self.service.words.encode_query(word), limit=99)}

    def chunk_ids(self) -> set[str]:
        return {
            chunk.id for report in self.service.catalog.reports() for chunk in self.service.catalog.chunks(report.id)
        }


@pytest.fixture
def house(tmp_path: Path, model_folder: Path, embedder: Embedder) -> Iterator[House]:
    service = Service(Settings(data_dir=tmp_path / "data", embed_model=str(model_folder), ocr="never"))
    service.embedder = embedder  # loaded once for all tests
    try:
        with open_pipeline(service) as pipeline:
            yield House(service, pipeline)
    finally:
        store = service.store
        assert isinstance(store, EdgeStore)
        store.shutdown_engine()
        service.close()


def test_a_file_of_running_headers_alone_is_taken_with_a_warning(
    house: House, tmp_path: Path, make_pdf: MakePdf
) -> None:
    (outcome,) = house.ingest(make_pdf(tmp_path / "headers.pdf", ["Halvard Research Weekly"] * 4))
    assert (outcome.status, outcome.chunks) == ("added", 0)
    assert outcome.warnings[0].startswith("nothing in it can be cited")
    report = house.report()
    assert house.service.catalog.stored(report.id).warnings == outcome.warnings
    (read,) = house.ingest(make_pdf(tmp_path / "kelp.pdf", [TEXT]))
    assert read.warnings == ()


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


@pytest.mark.parametrize(
    "step",
    ["catalog.Catalog.stage", "store.edge.EdgeStore.upsert", "catalog.Catalog.publish", "catalog.Catalog.remove"],
)
def test_a_run_that_ends_at_any_step_leaves_nothing_behind(
    house: House, tmp_path: Path, make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = make_pdf(tmp_path / "a.pdf", [TEXT])

    def come_and_go() -> None:
        house.ingest(path)
        house.pipeline.delete(house.report().id)

    with monkeypatch.context() as patch:
        patch.setattr(f"rag.{step}", raise_interrupt)
        with pytest.raises(KeyboardInterrupt):
            come_and_go()
    with house.pipeline.lock:
        house.pipeline.recover()
    assert house.service.catalog.unfinished() == house.service.catalog.reports() == []
    assert house.service.store.ids() == set()
    assert not list((tmp_path / "data" / "files").rglob("*.pdf"))


def raise_interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


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
        with pytest.raises(IndexMismatchError, match=r"chunker is \d+, 700 wide .* 100 wide now.*report-rag reindex"):
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


# --- what is said of a report ----------------------------------------------------------------------------------------


class Watched:
    """A part whose calls are noted, and which may do something else first."""

    def __init__(self, part: Any, call: str, first: Callable[..., None] = lambda *_, **__: None) -> None:
        self.__dict__.update(part=part, call=call, first=first, seen=[])

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.part, name)
        if name != self.call:
            return real

        def watched(*arguments: Any, **named: Any) -> Any:
            self.seen.append((arguments, named))
            self.first(*arguments, **named)
            return real(*arguments, **named)

        return watched


def with_parser(house: House, parser: Any) -> House:
    return replace(house, pipeline=replace(house.pipeline, reader=replace(house.pipeline.reader, parser=parser)))


def with_embedder(house: House, embedder: Any) -> House:
    encoders = replace(house.pipeline.encoders, embedder=embedder)
    return replace(house, pipeline=replace(house.pipeline, encoders=encoders))


def never(*_: object, **__: object) -> None:
    raise AssertionError("this needs no reading")


@pytest.fixture
def kelp(tmp_path: Path, make_pdf: MakePdf) -> Path:
    return make_pdf(tmp_path / "in" / "kelp.pdf", [f"Kelp of the bay\n{TEXT}", OTHER])


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()


def write_sidecar(pdf: Path, **said: object) -> None:
    pdf.with_suffix(".json").write_text(json.dumps(said), encoding="utf-8")


def origins(report: Report) -> dict[str, str]:
    return {fact.name: fact.origin for fact in report.facts if fact.origin in ("user", "sidecar")}


def test_options_win_over_the_sidecar_and_that_over_what_is_read(house: House, kelp: Path) -> None:
    write_sidecar(kelp, title="Seaweed", publisher="CICC", rating="Buy", published="2024-05-06")
    assert house.statuses(kelp, publisher="Nobody & Sons") == ["added"]
    report = house.report()
    assert (report.title, report.publisher, report.rating) == ("Seaweed", "Nobody & Sons", "Buy")
    assert str(report.published) == "2024-05-06"
    assert origins(report) == {"title": "sidecar", "publisher": "user", "published": "sidecar", "rating": "sidecar"}
    assert house.found_by("seaweed") == house.chunk_ids()


def test_what_is_said_anew_corrects_without_reading_and_what_is_not_stays(house: House, kelp: Path) -> None:
    house.ingest(kelp, company="Norrvik")
    ids, points = house.chunk_ids(), house.service.store.ids()
    house = with_parser(house, Watched(house.pipeline.reader.parser, "parse", never))
    write_sidecar(kelp, title="Seaweed", company="Sidecar Ltd")
    assert house.statuses(kelp) == ["corrected"]
    assert (house.report().title, house.report().company) == ("Seaweed", "Norrvik")
    assert house.found_by("seaweed") == ids
    assert house.statuses(kelp) == ["unchanged"]
    assert house.statuses(kelp, title="Algae") == ["corrected"]
    assert house.statuses(kelp, title="Algae") == ["unchanged"]
    assert (house.found_by("algae"), house.found_by("seaweed")) == (ids, set())
    assert (house.chunk_ids(), house.service.store.ids()) == (ids, points)
    check_readable(house.service)


def test_when_a_sidecar_goes_what_was_read_comes_back(house: House, kelp: Path) -> None:
    house.ingest(kelp)
    read = house.report()
    write_sidecar(kelp, title="Seaweed", rating="Buy", language="zh")
    assert house.statuses(kelp) == ["corrected"]
    assert (house.report().title, house.report().rating, house.report().language) == ("Seaweed", "Buy", "zh")
    kelp.with_suffix(".json").unlink()
    assert house.statuses(kelp) == ["corrected"]
    report = house.report()
    assert (report.title, report.rating, report.language) == (read.title, None, read.language)
    assert house.found_by("seaweed") == set()


def test_copies_with_sidecars_that_differ_come_to_rest(house: House, kelp: Path) -> None:
    copy = kelp.with_name("later.pdf")
    copy.write_bytes(kelp.read_bytes())
    write_sidecar(kelp, title="First")
    write_sidecar(copy, title="Second", rating="Buy")
    assert house.statuses(kelp.parent) == ["added", "second source"]
    house.ingest(kelp.parent)
    assert (house.report().title, house.report().rating) == ("First", "Buy")
    assert house.statuses(kelp.parent) == ["unchanged", "unchanged"]


def test_an_upload_of_the_same_bytes_takes_nothing_away(house: House, kelp: Path, tmp_path: Path) -> None:
    write_sidecar(kelp, title="Seaweed")
    house.ingest(kelp)
    sent = tmp_path / "sent.pdf"
    sent.write_bytes(kelp.read_bytes())
    write_sidecar(sent, title="Forged")
    upload = Found(sent, "upload:0123/kelp.pdf")
    assert house.pipeline.ingest_one(upload).status == "second source"
    kelp.with_suffix(".json").unlink()
    assert house.pipeline.ingest_one(upload).status == "unchanged"
    assert house.report().title == "Seaweed"


def test_a_sidecar_that_does_not_fit_fails_its_file_alone(house: House, kelp: Path, make_pdf: MakePdf) -> None:
    other = make_pdf(kelp.with_name("other.pdf"), [OTHER])
    write_sidecar(kelp, titel="Seaweed")
    assert house.statuses(kelp.parent) == ["failed", "added"]
    (failure,) = house.service.catalog.failures()
    assert failure.source == str(kelp)
    assert failure.reason.startswith(f"sidecar {kelp.with_suffix('.json')}: unknown key 'titel'")
    write_sidecar(kelp, title="Seaweed")
    assert house.statuses(kelp) == ["added"]
    write_sidecar(kelp, title=7)
    assert house.statuses(kelp, other) == ["failed", "unchanged"]
    assert {report.title for report in house.service.catalog.reports()} > {"Seaweed"}
    kelp.with_suffix(".json").unlink()
    house.ingest(kelp)
    assert house.service.catalog.failures() == []


def test_a_correction_is_seen_at_once_and_its_points_follow(house: House, kelp: Path) -> None:
    house.ingest(kelp)
    digest = house.service.digester.digest(house.report(), "brief")
    seen: list[str] = []

    def look(*_: object) -> None:
        check_readable(house.service)  # readers may go on
        seen.extend({p.report.title for p in house.service.retriever.retrieve("harvest of kelp").passages})

    watched = with_embedder(house, Watched(house.pipeline.encoders.embedder, "embed_passages", look))
    before, after = watched.pipeline.correct(house.report().id, house.said(title="Seaweed", publisher=None))
    assert (before.title == "Seaweed", after.title, after.publisher) == (False, "Seaweed", None)
    assert seen == ["Seaweed"]
    assert house.found_by("seaweed") == house.chunk_ids()
    again = house.service.digester.digest(house.report(), "brief")
    assert again.made > digest.made
    assert {c.title for s in again.sections for t in s.sentences for c in t.citations} == {"Seaweed"}
    assert house.service.digester.digest(house.report(), "brief") == again


def test_what_is_not_in_the_line_in_front_is_corrected_without_embedding(house: House, kelp: Path) -> None:
    house.ingest(kelp)
    digest = house.service.digester.digest(house.report(), "brief")
    embedder = Watched(house.pipeline.encoders.embedder, "embed_passages", never)
    said = house.said(rating="Buy", analysts=["A. Smith", "王五"], type="company", target_price="12 kr")
    with_embedder(house, embedder).pipeline.correct(house.report().id, said)
    report = house.report()
    assert (report.rating, report.analysts, report.type) == ("Buy", ("A. Smith", "王五"), "company")
    assert house.service.digester.digest(report, "brief") == digest


def test_a_correction_killed_in_the_middle_is_finished_by_the_next_run(
    house: House, kelp: Path, make_pdf: MakePdf
) -> None:
    house.ingest(kelp)
    report = house.report()
    ids, points = house.chunk_ids(), house.service.store.ids()

    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    killed = with_embedder(house, Watched(house.pipeline.encoders.embedder, "embed_passages", kill))
    with pytest.raises(KeyboardInterrupt):
        killed.pipeline.correct(report.id, house.said(title="Seaweed"))
    assert house.service.catalog.state(report.id) == ("ready", EMBED_AGAIN)
    assert house.report().title == "Seaweed"
    assert house.service.store.ids() == points
    check_readable(house.service)
    assert house.found_by("seaweed") == set()
    assert house.service.retriever.retrieve("harvest of kelp").passages

    assert house.statuses(make_pdf(kelp.with_name("other.pdf"), [OTHER])) == ["added"]
    assert house.service.catalog.state(report.id) == ("ready", house.pipeline.fingerprint)
    assert house.found_by("seaweed") == ids


def test_said_while_another_process_reads_the_same_file(house: House, kelp: Path) -> None:
    def be_faster(*_: object, **__: object) -> None:
        assert house.statuses(kelp) == ["added"]

    slow = with_parser(house, Watched(house.pipeline.reader.parser, "parse", be_faster))
    assert slow.statuses(kelp, title="Seaweed") == ["corrected"]
    assert house.report().title == "Seaweed"
    assert house.found_by("seaweed") == house.chunk_ids()


def test_passwords_go_to_the_reader_and_nowhere_else(
    house: House, kelp: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_sidecar(kelp, password="s3cret-pass", title="Seaweed")

    def refuse(*_: object, passwords: Sequence[str], **__: object) -> None:
        raise IngestError("encrypted: none of the passwords opens it")

    parser = Watched(house.pipeline.reader.parser, "parse", refuse)
    (failed,) = with_parser(house, parser).ingest(kelp)
    assert [named["passwords"] for _, named in parser.seen] == [("s3cret-pass",)]
    assert "s3cret" not in repr(failed)
    house.ingest(kelp)
    house.service.catalog.mark_outdated(READ_AGAIN)
    parser = Watched(house.pipeline.reader.parser, "parse")
    list(with_parser(house, parser).pipeline.reindex())
    assert [named["passwords"] for _, named in parser.seen] == [("s3cret-pass",)]
    assert capfd.readouterr() == ("", "")
    kept = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert kept
    assert not any(b"s3cret" in file.read_bytes() for file in kept)


# --- read again ------------------------------------------------------------------------------------------------------


def test_what_was_said_outlasts_a_reading_by_a_newer_reader(house: House, kelp: Path) -> None:
    write_sidecar(kelp, rating="Buy", title="Sidecar")
    house.ingest(kelp, company="Norrvik")
    house.pipeline.correct(house.report().id, house.said(title="Seaweed", publisher=None))
    digest = house.service.digester.digest(house.report(), "brief")
    ids, report, stored = house.chunk_ids(), house.report(), house.service.catalog.stored(house.report().id)
    spoilt = replace(report, title="old", language="zh", rating=None, page_count=9)
    old = replace(stored, pages=stored.pages[:1], pdf_title="old", page_count=9)
    layers = tuple(f for f in house.service.catalog.layers(report.id) if f.origin in ("user", "sidecar"))
    house.service.catalog.refresh(spoilt, old, (), pipeline=READ_AGAIN, layers=layers)  # as an older reader had it

    assert [fault for _, fault in house.pipeline.reindex()] == [None]
    assert house.report() == report
    assert house.service.catalog.stored(report.id) == stored
    assert house.chunk_ids() == house.found_by("seaweed") == ids
    assert house.service.digester.digest(house.report(), "brief").made > digest.made
    assert house.statuses(kelp) == ["unchanged"]
    kelp.with_suffix(".json").unlink()
    assert house.statuses(kelp) == ["corrected"]
    assert (house.report().rating, house.report().title) == (None, "Seaweed")


def test_a_pdf_that_cannot_be_read_again_keeps_its_pages_and_the_rest_goes_on(
    house: House, kelp: Path, make_pdf: MakePdf
) -> None:
    other = make_pdf(kelp.with_name("other.pdf"), [OTHER])
    (lost, _) = house.ingest(kelp, other, company="Norrvik")
    sha256 = house.service.catalog.report(str(lost.report_id)).sha256
    copy_of(house.pipeline.files, sha256).write_bytes(b"damaged")
    before, ids = house.service.catalog.reports(), house.chunk_ids()
    house.service.catalog.mark_outdated(READ_AGAIN)
    faults = {report.id: fault for report, fault in house.pipeline.reindex()}
    assert len(faults) == 2
    assert str(faults.pop(str(lost.report_id))).startswith("kept as it was read before: not a PDF")
    assert set(faults.values()) == {None}
    assert [(f.source, f.sha256) for f in house.service.catalog.failures()] == [(str(kelp), sha256)]
    assert (house.service.catalog.reports(), house.chunk_ids()) == (before, ids)
    check_readable(house.service)
    copy_of(house.pipeline.files, sha256).write_bytes(kelp.read_bytes())
    house.service.catalog.mark(str(lost.report_id), READ_AGAIN)
    assert [fault for _, fault in house.pipeline.reindex()] == [None]
    assert house.service.catalog.failures() == []


def test_a_report_that_awaits_its_reader_is_not_content_with_new_chunks(
    house: House, kelp: Path, make_pdf: MakePdf
) -> None:
    (waits, _) = house.ingest(kelp, make_pdf(kelp.with_name("other.pdf"), [OTHER]))
    house.service.catalog.mark(str(waits.report_id), READ_AGAIN)  # a reindex was stopped before it came to this one
    other = Service(house.service.settings.model_copy(update={"chunk_chars": 100}))
    other.embedder = house.service.embedder
    try:
        with open_pipeline(other, rebuild=True) as pipeline:
            assert other.catalog.marked(READ_AGAIN) == [waits.report_id]
            parser = Watched(pipeline.reader.parser, "parse")
            reader = replace(pipeline.reader, parser=parser)
            assert len(list(replace(pipeline, reader=reader).reindex())) == 2
        assert [arguments[0].name[:16] for arguments, _ in parser.seen] == [waits.report_id]
        assert other.catalog.outdated(pipeline.fingerprint) == []
    finally:
        other.close()


def test_a_correction_of_a_report_that_awaits_a_rebuild_does_the_rebuild(house: House, kelp: Path) -> None:
    house.ingest(kelp)
    report = house.report()
    stray = Point(
        "00000000-0000-5000-8000-000000000000", report.id, 0, bm25=house.service.words.encode_document("seaweed")
    )
    house.service.catalog.restage(report.id, (), "chunk again")
    house.service.store.upsert([stray])  # of a chunk that there is no more
    house.pipeline.correct(report.id, house.said(title="Seaweed"))
    assert house.service.catalog.state(report.id) == ("ready", house.pipeline.fingerprint)
    assert house.found_by("seaweed") == house.chunk_ids() != set()


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
