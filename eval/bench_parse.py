"""Pages a second and peak memory of four ways to read the same pages: `python -m eval.bench_parse FOLDER [--pages 400]`.

The ways: `never` (stream and geometry only), `always` (the layout model on every page), `auto` (ours), and `stock`
(pymupdf4llm.to_markdown without OCR). Pages are drawn by a seed from the PDFs of the folder. Each way runs in processes
of its own, in rounds of a part of the pages each, the ways one after the other in every round.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pymupdf

from ingest.limits import LayoutMode
from ingest.page import Reading, read_page

_WAYS = ("never", "always", "auto", "stock")
_ROUNDS = 4
_Drawn = list[tuple[Path, int]]


def draw(folder: Path, pages: int, seed: int) -> _Drawn:
    """Pages of the folder's PDFs, drawn by the seed, in the order of files and pages."""
    every: _Drawn = []
    for file in sorted(file for file in folder.rglob("*") if file.suffix.lower() == ".pdf"):
        with pymupdf.open(file) as document:
            every += [(file, number) for number in range(len(document))]
    return sorted(random.Random(seed).sample(every, min(pages, len(every))))  # noqa: S311  # no secret


def read(way: str, drawn: _Drawn) -> tuple[int, float, float, float]:
    """Read the pages in this process: pages, wall seconds, CPU seconds, peak memory in MB. The model loads before."""
    _warm_up(way, drawn[0])
    wall, cpu = time.perf_counter(), time.process_time()
    for file, group in groupby(drawn, key=lambda one: one[0]):
        numbers = [number for _, number in group]
        with pymupdf.open(file) as document:
            _read(way, document, numbers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return len(drawn), time.perf_counter() - wall, time.process_time() - cpu, peak


def _warm_up(way: str, one: tuple[Path, int]) -> None:
    with pymupdf.open(one[0]) as document:
        _read("always" if way == "auto" else way, document, [one[1]])


def _read(way: str, document: pymupdf.Document, numbers: Sequence[int]) -> None:
    if way == "stock":
        import pymupdf4llm

        pymupdf4llm.to_markdown(document, pages=list(numbers), use_ocr=False, show_progress=False)
        return
    mode: LayoutMode = "never" if way == "never" else "always" if way == "always" else "auto"
    for number in numbers:
        read_page(document[number], number, Reading(mode, ocr="never"))


def main(arguments: Sequence[str]) -> int:
    """Print a table; with --way and --round, the figures of one process."""
    parser = ArgumentParser(prog="python -m eval.bench_parse")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", choices=_WAYS)
    parser.add_argument("--round", type=int)
    options = parser.parse_args(arguments)
    pymupdf.TOOLS.mupdf_display_errors(False)
    if options.way is not None:
        drawn = draw(options.folder, options.pages, options.seed)
        pages, wall, cpu, peak = read(options.way, drawn[options.round :: _ROUNDS])
        sys.stdout.write(f"{pages} {wall} {cpu} {peak}\n")
        return 0
    totals = {way: [0.0, 0.0, 0.0, 0.0] for way in _WAYS}
    for number in range(_ROUNDS):
        for way in _WAYS:
            values = _in_process(arguments, way, number)
            totals[way] = [a + b for a, b in zip(totals[way][:3], values[:3], strict=True)] + [
                max(totals[way][3], values[3])
            ]
    _show(totals)
    return 0


def _in_process(arguments: Sequence[str], way: str, number: int) -> list[float]:
    command = [sys.executable, "-m", "eval.bench_parse", *arguments, "--way", way, "--round", str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # our own module
    return [float(value) for value in done.stdout.split()[-4:]]


def _show(totals: dict[str, list[float]]) -> None:
    base = totals["always"]
    for way, (pages, wall, cpu, peak) in totals.items():
        sys.stdout.write(
            f"{way:7} {pages:5.0f} pages {pages / wall:7.2f} pages/s {pages / cpu:7.2f} pages/CPU-s "
            f"{(pages / wall) / (base[0] / base[1]):6.2f} x always {peak:6.0f} MB\n"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
