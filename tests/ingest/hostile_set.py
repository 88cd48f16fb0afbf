"""The hostile set of DATA_DIR in, what became of each file out: `python hostile_set.py DATA_DIR/hostile`.

Each file must end within its limits as a report or with a reason, and as its category says. The script reads them all
and prints the outcome by category, the slowest file and the peak memory; it ends with 1 when a file did not do as
expected.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from ingest.parse import ParseLimits, PdfParser
from rag.domain import ParsedReport
from rag.errors import IngestError

LIMITS = ParseLimits(page_seconds=60, file_seconds=300, cpu_seconds=300)
REFUSED = {"open_error", "zero_pages", "needs_password"}
EITHER = {"oss_fuzz_seed", "bad_header", "truncated_no_eof"}  # some have no %PDF- mark, which is asked for here


@dataclass(frozen=True)
class Outcome:
    """What became of one file, and what is wrong with that, or ""."""

    file: str
    category: str
    result: str
    seconds: float
    fault: str


def entries(folder: Path) -> list[dict[str, Any]]:
    """The lines of the manifest, in the order of their file names."""
    lines = (folder / "manifest.jsonl").read_text("utf-8").splitlines()
    return sorted((json.loads(line) for line in lines), key=lambda entry: str(entry["file"]))


def read_one(parser: PdfParser, folder: Path, entry: dict[str, Any]) -> Outcome:
    """Read one file, without its password and, where one is published, with it."""
    started = time.monotonic()
    path = folder / "pdfs" / entry["file"]
    report, result = _parse(parser, path)
    fault = _fault(entry, report, result)
    if "password" in entry:
        report, opened = _parse(parser, path, entry["password"])
        result += f"; with its password {opened}"
        fault = fault or ("" if report else "its password does not open it")
        if entry["password"] in result.replace("with its password", ""):
            fault = "shows the password"
    return Outcome(entry["file"], entry["category"], result, time.monotonic() - started, fault)


def _parse(parser: PdfParser, path: Path, *passwords: str) -> tuple[ParsedReport | None, str]:
    try:
        report = parser.parse(path, passwords=passwords)
    except IngestError as exc:
        return None, str(exc)
    failed = sum(page.read_by == "failed" for page in report.pages)
    characters = sum(len(page.text) for page in report.pages)
    return report, f"{report.page_count} pages, {failed} failed, {characters} characters"


def _fault(entry: dict[str, Any], report: ParsedReport | None, result: str) -> str:
    seen = entry["observed_pymupdf"]
    if report is None:
        if not result or "\n" in result or len(result) > 300:
            return "the reason is no line"
        expected = entry["category"] in REFUSED | EITHER
        return "" if expected else "refused"
    if entry["category"] in REFUSED:
        return "read"
    if "pages" in seen and report.page_count != seen["pages"]:
        return f"{seen['pages']} pages were expected"
    characters = sum(len(page.text) for page in report.pages)
    if characters < 0.5 * seen.get("text", 0):
        return f"{seen['text']} characters were expected"
    return ""


@contextmanager
def peaks() -> Iterator[dict[str, float]]:
    """The most memory of this process and of its largest child while the block ran, MB."""
    most = {"parent": 0.0, "worker": 0.0}
    done = threading.Event()

    def look() -> None:
        this = psutil.Process()
        while not done.wait(0.02):
            most["parent"] = max(most["parent"], this.memory_info().rss / 2**20)
            for child in this.children():
                try:
                    most["worker"] = max(most["worker"], child.memory_info().rss / 2**20)
                except psutil.Error:
                    continue

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def main(folder: Path) -> int:
    """Read the whole set and say what came of it."""
    with peaks() as most, PdfParser(LIMITS) as parser:
        outcomes = [read_one(parser, folder, entry) for entry in entries(folder)]
    kinds: dict[str, Counter[str]] = {}
    for one in outcomes:
        kinds.setdefault(one.category, Counter())["read" if "characters" in one.result else "refused"] += 1
        if one.fault:
            print(f"WRONG {one.file} ({one.category}): {one.fault}: {one.result}")  # noqa: T201
    for category, counts in sorted(kinds.items()):
        print(f"{category:34s} {dict(counts)}")  # noqa: T201
    slowest = max(outcomes, key=lambda one: one.seconds)
    print(f"slowest: {slowest.file}, {slowest.seconds:.1f} s ({slowest.result})")  # noqa: T201
    print(f"peak memory: worker {most['worker']:.0f} MB, parent {most['parent']:.0f} MB")  # noqa: T201
    return int(any(one.fault for one in outcomes))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(os.environ["DATA_DIR"]) / "hostile")))
