from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest

from rag.catalog import Catalog
from rag.domain import Digest, Fact, Filter, Section
from rag.errors import IngestError, NotFoundError, UsageError

A, B, C = "a" * 16, "b" * 16, "c" * 16
Make = Callable[..., object]
FACTS = (Fact("title", "新标题", 1.0, None, "user"), Fact("title", "标题", 0.5, 0, "page"))


def digest_of(report_id: str) -> Digest:
    made = datetime(2024, 6, 1, tzinfo=UTC)
    return Digest(report_id, "brief", "zh", (Section("", ()),), "extractive", None, "1", made)


def test_a_staged_report_is_seen_by_nobody(catalog: Catalog, make: Make) -> None:
    made = make("a")
    catalog.stage(made.report, made.parsed, made.chunks, pipeline="p1")

    assert catalog.state(A) == ("indexing", "p1")
    assert catalog.unfinished() == [A]
    assert_unseen(catalog, made)


def test_a_hidden_report_is_seen_by_nobody(catalog: Catalog, put: Make) -> None:
    made = put("a")
    catalog.save_digest(digest_of(A))
    catalog.hide(A)

    assert catalog.state(A) == ("deleting", "p1")
    assert catalog.unfinished() == [A]
    assert_unseen(catalog, made)


def assert_unseen(catalog: Catalog, made: object) -> None:
    """No read gives anything of a report that is not ready."""
    keys = [(A, 0), (A, 1)]
    assert catalog.reports() == []
    assert catalog.reports_by_id([A]) == {}
    assert catalog.publishers() == []
    assert catalog.counts() == (0, 0, 0)
    assert catalog.undated(Filter(until=datetime(2020, 1, 1, tzinfo=UTC).date())) == 0
    assert catalog.chunks_by_id([chunk.id for chunk in made.chunks]) == {}
    assert catalog.texts_of_pages(keys) == {}
    assert catalog.page_facts(keys) == {}
    assert catalog.digest(A, "brief") is None
    refused = [
        lambda: catalog.report(A),
        lambda: catalog.resolve(A),
        lambda: catalog.resolve(A[:6]),
        lambda: catalog.resolve(f"/reports/{A}.pdf"),
        lambda: catalog.page(A, 0),
        lambda: catalog.pages(A),
        lambda: catalog.stored(A),
        lambda: catalog.chunks(A),
        lambda: catalog.attach(A, "/other.pdf"),
        lambda: catalog.restage(A, (), "p2"),
        lambda: catalog.save_digest(digest_of(A)),
        lambda: catalog.layers(A),
        lambda: catalog.correct(made.report, ()),
        lambda: catalog.refresh(made.report, made.parsed, (), pipeline="p2", layers=()),
    ]
    for call in refused:
        with pytest.raises(NotFoundError):
            call()


def test_publish_shows_the_report_under_its_source(catalog: Catalog, make: Make) -> None:
    made = make("a")
    catalog.stage(made.report, made.parsed, made.chunks, pipeline="p1")
    assert catalog.publish(A, "/r/a.pdf") == ()

    assert catalog.state(A) == ("ready", "p1")
    assert catalog.unfinished() == []
    assert catalog.report(A) == replace(made.report, sources=("/r/a.pdf",))
    assert catalog.counts() == (1, 2, 2)


def test_publish_clears_the_failure_of_its_source_alone(catalog: Catalog, make: Make) -> None:
    catalog.record_failure("/r/a.pdf", None, "locked")
    catalog.record_failure("/r/b.pdf", None, "locked")
    made = make("a")
    catalog.stage(made.report, made.parsed, made.chunks, pipeline="p1")
    catalog.publish(A, "/r/a.pdf")
    assert [failure.source for failure in catalog.failures()] == ["/r/b.pdf"]


def test_new_bytes_under_a_source_hide_the_report_it_led_to(catalog: Catalog, put: Make, make: Make) -> None:
    put("a", "/r/x.pdf")
    new = make("b")
    catalog.stage(new.report, new.parsed, new.chunks, pipeline="p1")
    assert [report.id for report in catalog.reports()] == [A]

    assert catalog.publish(B, "/r/x.pdf") == (A,)
    assert [report.id for report in catalog.reports()] == [B]
    assert catalog.state(A) == ("deleting", "p1")
    first, second = catalog.history("/r/x.pdf")
    assert (first.report_id, second.report_id) == (A, B)
    assert first.since < first.until == second.since
    assert second.until is None


def test_a_report_with_another_source_stays(catalog: Catalog, put: Make) -> None:
    put("a", "/r/x.pdf", "/r/y.pdf")
    assert catalog.report(A).sources == ("/r/x.pdf", "/r/y.pdf")
    put("b", "/r/x.pdf")
    assert catalog.report(A).sources == ("/r/y.pdf",)
    assert catalog.report(B).sources == ("/r/x.pdf",)


def test_attach_adds_a_source_once(catalog: Catalog, put: Make) -> None:
    put("a", "/r/z.pdf")
    catalog.record_failure("/r/b.pdf", None, "locked")
    assert catalog.attach(A, "/r/b.pdf") == ()
    assert catalog.attach(A, "/r/b.pdf") == ()
    assert catalog.report(A).sources == ("/r/b.pdf", "/r/z.pdf")
    assert len(catalog.history("/r/b.pdf")) == 1
    assert catalog.failures() == []


def test_attach_moves_a_source(catalog: Catalog, put: Make) -> None:
    put("a", "/r/a.pdf")
    put("b", "/r/b.pdf")
    assert catalog.attach(A, "/r/b.pdf") == (B,)
    assert catalog.unfinished() == [B]


def test_detach_hides_with_the_last_source(catalog: Catalog, put: Make) -> None:
    put("a", "/r/a.pdf", "/r/b.pdf")
    assert catalog.detach("/r/a.pdf") is None
    assert catalog.report(A).sources == ("/r/b.pdf",)
    assert catalog.detach("/r/b.pdf") == A
    assert catalog.reports() == []
    assert catalog.detach("/r/b.pdf") is None
    assert catalog.detach("/never/seen.pdf") is None
    assert [version.until is None for version in catalog.history("/r/b.pdf")] == [False]


def test_remove_leaves_nothing_but_history(catalog: Catalog, put: Make, make: Make) -> None:
    put("a", "/r/a.pdf")
    put("b", "/r/b.pdf")
    catalog.save_digest(digest_of(A))
    catalog.hide(A)
    catalog.remove(A)
    catalog.remove(A)

    assert catalog.state(A) is None
    assert catalog.unfinished() == []
    assert catalog.counts() == (1, 2, 2)
    assert [version.until is None for version in catalog.history("/r/a.pdf")] == [False]
    assert [version.until is None for version in catalog.history("/r/b.pdf")] == [True]
    # The same bytes may come again: nothing of the old rows is in the way or comes back.
    put("a", "/r/again.pdf")
    assert catalog.report(A).sources == ("/r/again.pdf",)
    assert catalog.digest(A, "brief") is None
    assert catalog.counts() == (2, 4, 4)


def test_stage_replaces_what_a_dead_process_left(catalog: Catalog, make: Make) -> None:
    old, new = make("a", pages=3), make("a", title="新标题", pages=1)
    catalog.stage(old.report, old.parsed, old.chunks, pipeline="p1")
    catalog.stage(new.report, new.parsed, new.chunks, pipeline="p2")
    catalog.publish(A, "/r/a.pdf")
    assert catalog.state(A) == ("ready", "p2")
    assert catalog.report(A).title == "新标题"
    assert catalog.counts() == (1, 1, 1)


def test_a_hidden_report_staged_anew_keeps_its_sources_and_loses_its_digests(catalog: Catalog, put: Make) -> None:
    put("a", "/r/a.pdf", "/r/b.pdf")
    catalog.save_digest(digest_of(A))
    catalog.hide(A)
    put("a", "/r/a.pdf")
    assert catalog.report(A).sources == ("/r/a.pdf", "/r/b.pdf")
    assert len(catalog.history("/r/a.pdf")) == 1
    assert catalog.digest(A, "brief") is None


def test_staging_a_ready_report_by_the_same_pipeline_changes_nothing(catalog: Catalog, put: Make, make: Make) -> None:
    put("a", "/r/a.pdf")
    again = make("a", title="other")
    catalog.stage(again.report, again.parsed, again.chunks, pipeline="p1")
    assert catalog.state(A) == ("ready", "p1")
    assert catalog.report(A).title == "宁德时代深度报告"


def test_staging_a_ready_report_by_another_pipeline_is_refused(catalog: Catalog, put: Make, make: Make) -> None:
    put("a", "/r/a.pdf")
    again = make("a")
    with pytest.raises(UsageError, match=r"made by p1.*hide"):
        catalog.stage(again.report, again.parsed, again.chunks, pipeline="p2")


def test_what_is_hidden_or_unknown_cannot_be_published(catalog: Catalog, put: Make) -> None:
    put("a", "/r/a.pdf")
    catalog.hide(A)
    for report_id in (A, B):
        with pytest.raises(NotFoundError):
            catalog.publish(report_id, "/r/b.pdf")
    assert catalog.history("/r/b.pdf") == []
    with pytest.raises(NotFoundError):
        catalog.hide(B)


def test_restage_replaces_chunks_and_pipeline(catalog: Catalog, put: Make) -> None:
    made = put("a", "/r/a.pdf")
    catalog.save_digest(digest_of(A))
    whole = replace(made.chunks[0], id="11111111-1111-5111-8111-111111111111", text="盈利")
    catalog.restage(A, [whole], "p2")
    assert catalog.state(A) == ("ready", "p2")
    assert catalog.chunks(A) == (whole,)
    assert catalog.digest(A, "brief") == digest_of(A)


def test_a_restage_that_fails_leaves_the_old_chunks(catalog: Catalog, put: Make) -> None:
    made = put("a", "/r/a.pdf")
    with pytest.raises(Exception, match=r"(?i)unique"):
        catalog.restage(A, [made.chunks[0], made.chunks[0]], "p2")
    assert catalog.chunks(A) == made.chunks
    assert catalog.state(A) == ("ready", "p1")


def test_a_report_read_again_is_another_but_for_its_sources_and_its_arrival(
    catalog: Catalog, put: Make, make: Make
) -> None:
    old = put("a", "/r/a.pdf")
    catalog.save_digest(digest_of(A))
    fresh = make("a", title="新标题", publisher=None, pages=3)
    later = replace(fresh.report, added=datetime(2030, 1, 1, tzinfo=UTC), rating=None)
    parsed = replace(fresh.parsed, pdf_title="new", warnings=())
    catalog.refresh(later, parsed, fresh.chunks, pipeline="p2", layers=FACTS)

    counted = FACTS[0]
    assert catalog.report(A) == replace(later, sources=("/r/a.pdf",), added=old.report.added, facts=(counted,))
    assert catalog.stored(A) == parsed
    assert catalog.chunks(A) == fresh.chunks
    assert catalog.state(A) == ("ready", "p2")
    assert catalog.layers(A) == FACTS
    assert catalog.digest(A, "brief") is None


def test_a_report_read_again_to_what_no_database_can_hold_stays(catalog: Catalog, put: Make, make: Make) -> None:
    put("a", "/r/a.pdf")
    before = (catalog.report(A), catalog.stored(A), catalog.chunks(A))
    broken = make("a", title="x\0")
    with pytest.raises(IngestError, match="metadata"):
        catalog.refresh(broken.report, broken.parsed, (), pipeline="p2", layers=())
    assert (catalog.report(A), catalog.stored(A), catalog.chunks(A)) == before


def test_a_correction_changes_what_is_known_and_nothing_else(catalog: Catalog, put: Make) -> None:
    made, other = put("a", "/r/a.pdf"), put("b", "/r/b.pdf")
    catalog.save_digest(digest_of(A))
    corrected = replace(made.report, title="新标题", analysts=(), published=None)
    catalog.correct(corrected, FACTS)

    assert catalog.report(A) == replace(corrected, sources=("/r/a.pdf",), facts=(FACTS[0],))
    assert catalog.layers(A) == FACTS
    assert (catalog.stored(A), catalog.chunks(A)) == (made.parsed, made.chunks)
    assert catalog.state(A) == ("ready", "p1")
    assert catalog.digest(A, "brief") == digest_of(A)
    assert catalog.report(B) == replace(other.report, sources=("/r/b.pdf",))


def test_a_correction_can_ask_for_more_to_be_done(catalog: Catalog, put: Make) -> None:
    made = put("a", "/r/a.pdf")
    put("b", "/r/b.pdf")
    for report_id in (A, B):
        catalog.save_digest(digest_of(report_id))
    catalog.correct(made.report, FACTS, pipeline="embed again", stale="corrected: title")
    assert catalog.marked("embed again") == [A]
    assert catalog.digest(A, "brief") is None
    assert catalog.digest(B, "brief") == digest_of(B)
    catalog.mark(A, "p1")
    assert catalog.marked("embed again") == []


def test_outdated_are_those_that_none_of_the_pipelines_made(catalog: Catalog, put: Make, make: Make) -> None:
    for digit in "abc":
        put(digit)
    catalog.mark(B, "p2")
    catalog.hide(C)
    assert catalog.outdated("p1") == [B]
    assert catalog.outdated("p1", "p2") == []
    assert catalog.outdated("p3") == [A, B]


def test_marking_all_keeps_a_mark_that_asks_for_more(catalog: Catalog, put: Make) -> None:
    put("a")
    put("b")
    catalog.mark(A, "read again")
    catalog.mark_outdated("chunk again", keep="read again")
    assert (catalog.state(A), catalog.state(B)) == (("ready", "read again"), ("ready", "chunk again"))
    catalog.mark_outdated("chunk again")
    assert catalog.marked("chunk again") == [A, B]


@pytest.mark.parametrize("letter", ["\0", "\ud83d"])
def test_text_that_no_database_can_hold_is_a_fault_of_the_file(catalog: Catalog, make: Make, letter: str) -> None:
    made = make("a")
    broken = replace(made.parsed.pages[1], text=f"收{letter}入")
    parsed = replace(made.parsed, pages=(made.parsed.pages[0], broken))
    with pytest.raises(IngestError, match="page 1 holds NUL"):
        catalog.stage(made.report, parsed, made.chunks, pipeline="p1")
    with pytest.raises(IngestError, match="metadata"):
        catalog.stage(replace(made.report, title=letter), made.parsed, made.chunks, pipeline="p1")
    assert catalog.state(A) is None


def test_a_report_without_pages_can_be_kept(catalog: Catalog, make: Make) -> None:
    made = make("a", pages=0)
    catalog.stage(made.report, made.parsed, (), pipeline="p1")
    catalog.publish(A, "/r/a.pdf")
    assert catalog.counts() == (1, 0, 0)
    assert catalog.chunks(A) == ()


def test_two_that_take_the_last_two_sources_at_once_hide_the_report(catalog: Catalog, put: Make) -> None:
    for digit in "0123456789":
        put(digit, f"/r/{digit}x.pdf", f"/r/{digit}y.pdf")
        gate, gone = Barrier(2), []

        def take(source: str, gate: Barrier = gate, gone: list[str | None] = gone) -> None:
            gate.wait()
            gone.append(catalog.detach(source))

        threads = [Thread(target=take, args=(f"/r/{digit}{end}.pdf",)) for end in "xy"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(gone, key=str) == sorted([None, digit * 16], key=str)
