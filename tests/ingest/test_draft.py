"""What becomes of a file whose worker dies here or there: PdfParser with workers that follow a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.draft import Closed, Exhausted, Job, Opened, Refused
from ingest.limits import ParseLimits
from ingest.parse import PdfParser
from ingest.worker import Gone, Usage
from rag.domain import Page, ParsedReport
from rag.errors import IngestError

PATH = Path("report.pdf")
SLOW, MEMORY, CRASH = Gone("slow", "no answer"), Gone("memory", "needs much"), Gone("crash", "crashed (SIGSEGV)")


def page(number: int, text: str = "") -> Page:
    return Page(number, None, 595, 842, text or f"page {number}", ())


def opened(count: int) -> Opened:
    return Opened(count, "A title", None)


class ScriptedWorker:
    """Answers and ends in the order given; a Usage is what the watch is shown before the next answer."""

    def __init__(self, script: Sequence[object]) -> None:
        self.script = list(script)
        self.jobs: list[Job] = []
        self.closed = False
        self.resident_mb = 100.0
        self.cpu_seconds = 7.0  # of files before

    def ask(self, job: Job) -> None:
        self.jobs.append(job)

    def answer(self, seconds: float, watch: Callable[[Usage], None]) -> object:
        while isinstance(self.script[0], Usage):
            watch(self.script.pop(0))
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def usage(self) -> Usage:
        return Usage(self.cpu_seconds, self.resident_mb)

    def close(self) -> None:
        self.closed = True


def read(*scripts: Sequence[object], **limits: Any) -> tuple[ParsedReport, list[ScriptedWorker]]:
    """One file read with workers that follow these scripts, one after the other."""
    workers = [ScriptedWorker(script) for script in scripts]
    waiting = iter(workers)
    parser = PdfParser(ParseLimits(**limits), start=lambda: next(waiting))  # type: ignore[arg-type, return-value]
    return parser.parse(PATH), workers


def texts(report: ParsedReport) -> list[str]:
    return [page.text or f"({page.read_by})" for page in report.pages]


def test_the_answers_become_a_report() -> None:
    report, (worker,) = read([opened(2), page(0), page(1), Closed(((1, "Start", 0),))])
    assert texts(report) == ["page 0", "page 1"]
    assert (report.page_count, report.pdf_title, report.outline, report.warnings) == (
        2,
        "A title",
        ((1, "Start", 0),),
        (),
    )
    assert not worker.closed


def test_a_page_that_hangs_is_failed_and_a_new_worker_goes_on_behind_it() -> None:
    report, workers = read([opened(3), page(0), SLOW], [opened(3), page(2), Closed(())], page_seconds=9)
    assert texts(report) == ["page 0", "(failed)", "page 2"]
    assert report.warnings == ("page 1: cannot be read: takes longer than 9 s (REPORT_RAG_PARSE_TIMEOUT_S)",)
    assert [worker.jobs[0].first for worker in workers] == [0, 2]
    assert workers[0].closed


@pytest.mark.parametrize("end", [MEMORY, CRASH, Exhausted()])
def test_a_page_gets_a_second_chance_with_a_fresh_worker_when_one_dies_that_had_read_others(end: object) -> None:
    report, workers = read([opened(2), page(0), end], [opened(2), page(1), Closed(())])
    assert texts(report) == ["page 0", "page 1"]
    assert report.warnings == ()
    assert [worker.jobs[0].first for worker in workers] == [0, 1]


@pytest.mark.parametrize(
    ("end", "reason"),
    [(CRASH, r"crashed \(SIGSEGV\)"), (Exhausted(), r"more than 2000 MB .*REPORT_RAG_PARSE_MEMORY_MB")],
)
def test_a_page_that_kills_a_fresh_worker_is_failed(end: object, reason: str) -> None:
    report, _ = read([opened(2), page(0), end], [opened(2), end], [opened(2), Closed(())])
    assert texts(report) == ["page 0", "(failed)"]
    assert len(report.warnings) == 1
    assert re.search(reason, report.warnings[0])


def test_a_file_that_cannot_be_opened_gives_the_reason() -> None:
    with pytest.raises(IngestError, match=r"takes longer than 5 s \(REPORT_RAG_PARSE_TIMEOUT_S\)"):
        read([SLOW], page_seconds=5)
    with pytest.raises(IngestError, match="crashed"):
        read([CRASH])


def test_too_many_pages_that_cannot_be_read_fail_the_file() -> None:
    scripts = [[opened(9), SLOW] for _ in range(4)]
    with pytest.raises(IngestError, match=r"more than 3 pages .*REPORT_RAG_MAX_FAILED_PAGES.*page 3 takes longer"):
        read(*scripts, max_failed_pages=3)


def test_the_last_page_may_fail() -> None:
    report, _ = read([opened(2), page(0), SLOW], [opened(2), Closed(())])
    assert texts(report) == ["page 0", "(failed)"]


def test_bookmarks_that_hang_cost_the_bookmarks_alone() -> None:
    report, _ = read([opened(1), page(0), SLOW])
    assert texts(report) == ["page 0"]
    assert "bookmarks were not read: takes longer" in report.warnings[0]


@pytest.mark.parametrize("fields", [("cpu_seconds", "REPORT_RAG_PARSE_CPU_S"), ("file_seconds", "FILE_TIMEOUT_S")])
def test_past_the_budget_of_a_file_the_pages_read_so_far_are_kept(fields: tuple[str, str]) -> None:
    limit, setting = fields
    value = 100.0 if limit == "cpu_seconds" else 0.0
    script = [opened(3), page(0), Usage(107.5, 100), page(1)]
    report, _ = read(script, **{limit: value})
    assert texts(report) == ["page 0"]
    assert "only the first 1 of 3 pages were read" in report.warnings[0]
    assert setting in report.warnings[0]


def test_past_the_budget_without_a_page_the_file_fails() -> None:
    with pytest.raises(IngestError, match="REPORT_RAG_PARSE_CPU_S"):
        read([opened(3), Usage(200, 100), page(0)], cpu_seconds=100)


def test_processor_time_counts_over_all_workers_of_a_file_and_not_before_it() -> None:
    report, workers = read(
        [opened(3), Usage(67, 100), page(0), SLOW],  # 60 s, after 7 s for others
        [opened(3), Usage(37, 100), page(2), Closed(())],  # 30 s more
        cpu_seconds=100,
    )
    assert texts(report) == ["page 0", "(failed)", "page 2"]
    assert workers[1].jobs[0].cpu_left == 40
    with pytest.raises(IngestError, match="REPORT_RAG_PARSE_CPU_S"):
        read([opened(3), Usage(67, 100), SLOW], [opened(3), Usage(57, 100), page(1)], cpu_seconds=100)


def test_memory_is_watched() -> None:
    report, workers = read(
        [opened(1), Usage(7, 900), page(0)], [opened(1), Closed(())], memory_mb=800
    )  # the worker was fresh: no second chance
    assert texts(report) == ["(failed)"]
    assert workers[0].closed


def test_pages_past_the_limit_are_not_read() -> None:
    report, _ = read([opened(9), page(0), page(1), Closed(())], max_pages=2)
    assert report.warnings == ("only the first 2 of 9 pages were read (REPORT_RAG_MAX_PAGES)",)


def test_a_worker_that_stops_at_the_limit_of_characters_is_believed() -> None:
    report, workers = read([opened(9), page(0, "x" * 60), page(1, "x" * 40), Closed(())], all_chars=100)
    assert report.warnings == ("only the first 2 of 9 pages were read (REPORT_RAG_MAX_CHARS)",)
    assert workers[0].jobs[0].chars_left == 100


def test_warnings_of_many_pages_are_counted() -> None:
    bad = [Page(n, None, 0, 0, "", (), "failed", "torn") for n in range(60)]
    report, _ = read([opened(60), *bad, Closed(())])
    assert len(report.warnings) == 51
    assert report.warnings[-1] == "10 more pages have warnings"


def test_a_refused_file_leaves_the_worker_for_the_next() -> None:
    worker = ScriptedWorker([Refused("not a PDF"), opened(1), page(0), Closed(())])
    parser = PdfParser(ParseLimits(), start=lambda: worker)  # type: ignore[arg-type, return-value]
    with pytest.raises(IngestError, match="not a PDF"):
        parser.parse(PATH)
    assert texts(parser.parse(PATH)) == ["page 0"]
    assert not worker.closed


@pytest.mark.parametrize("fault", [IngestError("stop"), KeyboardInterrupt()])
def test_a_caller_that_stops_in_the_middle_gets_no_answer_of_this_file_for_the_next(fault: BaseException) -> None:
    workers = [
        ScriptedWorker([opened(2), page(0), page(1), Closed(())]),
        ScriptedWorker([opened(1), page(0, "b"), Closed(())]),
    ]
    waiting = iter(workers)
    parser = PdfParser(ParseLimits(), start=lambda: next(waiting))  # type: ignore[arg-type, return-value]

    def stop(_done: int, _all: int) -> None:
        raise fault

    with pytest.raises(type(fault)):
        parser.parse(PATH, stop)
    assert workers[0].closed
    assert texts(parser.parse(PATH)) == ["b"]


def test_a_worker_is_replaced_after_many_files_and_when_it_has_grown() -> None:
    scripts = [[opened(1), page(0), Closed(())] * 2 for _ in range(3)]
    workers = [ScriptedWorker(script) for script in scripts]
    waiting = iter(workers)
    limits = ParseLimits(files_a_worker=2, idle_mb=1000)
    parser = PdfParser(limits, start=lambda: next(waiting))  # type: ignore[arg-type, return-value]
    parser.parse(PATH)
    assert not workers[0].closed
    parser.parse(PATH)
    assert workers[0].closed
    workers[1].resident_mb = 1001
    parser.parse(PATH)
    assert workers[1].closed


def test_passwords_are_in_no_repr() -> None:
    workers = [ScriptedWorker([opened(0), Closed(())])]
    parser = PdfParser(ParseLimits(), ["hush1"], start=lambda: workers[0])  # type: ignore[arg-type, return-value]
    parser.parse(PATH, passwords=["hush2"])
    job = workers[0].jobs[0]
    assert (job.passwords.given, job.passwords.known) == (("hush2",), ("hush1",))
    assert "hush" not in repr(job) + repr(job.passwords) + repr(parser)
