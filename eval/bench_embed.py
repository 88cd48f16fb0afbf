"""Texts a second of two ways to embed the same texts, side by side: `python -m eval.bench_embed [--data-dir DIR]`.

The ways: sentence-transformers in float32 and our onnxruntime in 8 bit, both over the weights of the bundled model, and
our second model. In every round each embeds the same part of the texts, one way after the other, with as many threads as
processors. Texts are chunks of the catalog in DIR, by default of the sample reports, drawn by a seed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from eval.baselines import chunk_units
from eval.machine import load, machine
from eval.table import aligned
from ingest.chunk import chunk_pages
from ingest.limits import ParseLimits
from ingest.parse import read_pdf
from rag.across import UniversalEncoder
from rag.bundled import ensure_bundled_model, write_reference
from rag.config import load_settings
from rag.domain import Vector
from rag.e5 import E5Embedder
from rag.errors import ReportRagError, UsageError
from rag.grid import search_text
from rag.service import Service

_BATCH = 16  # of sentence-transformers, as rag/embed.py has it
_QUESTIONS = 30
_QUESTION_CHARS = 30  # the beginning of a text stands for a question


@dataclass(frozen=True, slots=True)
class Way:
    """A model: texts to rows of length 1, a question to one."""

    name: str
    passages: Callable[[Sequence[str]], Vector]
    query: Callable[[str], Vector]


@dataclass(frozen=True, slots=True)
class Measured:
    """One way over all texts: its rate in each round, the time of the median question, and the vectors."""

    name: str
    texts: int
    seconds: float
    rates: tuple[float, ...]
    query_ms: float
    vectors: Vector

    @property
    def rate(self) -> float:
        return self.texts / self.seconds


# --- texts -----------------------------------------------------------------------------------------------------------


def texts_of_catalog(data_dir: Path) -> list[str]:
    """What is searched of every chunk of the catalog."""
    service = Service(load_settings(data_dir=data_dir))
    try:
        return [unit.text for unit in chunk_units(service)]
    finally:
        service.close()


def texts_of_pdfs(folder: Path) -> list[str]:
    """The same of PDFs, read by their text stream."""
    limits = ParseLimits(layout="never", ocr="never")
    size = load_settings().chunk_chars
    return [
        search_text(chunk)
        for file in sorted(folder.glob("*.pdf"))
        for chunk in chunk_pages(file.stem, read_pdf(file, limits).pages, size)
    ]


def draw(texts: Sequence[str], count: int, seed: int) -> list[str]:
    """UsageError where there are none."""
    if not texts:
        raise UsageError(
            "there is no text to embed: give --data-dir of a filled catalog, or --pdfs with a folder of PDFs"
        )
    return random.Random(seed).sample(list(texts), min(count, len(texts)))  # noqa: S311  # no secret


# --- measuring -------------------------------------------------------------------------------------------------------


def ways(folder: Path, own: E5Embedder) -> list[Way]:
    """The reference first; its model is made in `folder`."""
    reference = folder / "float32"
    write_reference(reference)
    across = UniversalEncoder()
    return [
        _sentence_transformers(reference),
        Way("report-rag, onnxruntime, 8 bit", own.embed_passages, own.embed_query),
        Way("report-rag, second model", across.encode, lambda text: np.asarray(across.encode([text])[0])),
    ]


def _sentence_transformers(folder: Path) -> Way:
    from sentence_transformers import SentenceTransformer  # takes seconds
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # no annotations there
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"})

    def passages(texts: Sequence[str]) -> Vector:
        return np.asarray(model.encode_document(list(texts), batch_size=_BATCH, show_progress_bar=False))

    def query(text: str) -> Vector:
        return np.asarray(model.encode_query(text, show_progress_bar=False))

    return Way("sentence-transformers, float32", passages, query)


def measure(ways: Sequence[Way], texts: Sequence[str], rounds: int) -> list[Measured]:
    """Every way over every text once, in `rounds` parts; models are loaded before."""
    for way in ways:
        way.passages(texts[:2])
        way.query(texts[0][:_QUESTION_CHARS])
    seconds: dict[str, list[float]] = {way.name: [] for way in ways}
    vectors: dict[str, list[Vector]] = {way.name: [] for way in ways}
    parts = [texts[number::rounds] for number in range(rounds)]
    for part in parts:
        for way in ways:
            start = time.perf_counter()
            vectors[way.name].append(way.passages(part))
            seconds[way.name].append(time.perf_counter() - start)
    asked = _questions(ways, texts)
    return [
        Measured(
            way.name,
            len(texts),
            sum(seconds[way.name]),
            tuple(len(part) / took for part, took in zip(parts, seconds[way.name], strict=True)),
            asked[way.name],
            np.concatenate(vectors[way.name]),
        )
        for way in ways
    ]


def _questions(ways: Sequence[Way], texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of the median question, by way."""
    took: dict[str, list[float]] = {way.name: [] for way in ways}
    for text in texts[:_QUESTIONS]:
        for way in ways:
            start = time.perf_counter()
            way.query(text[:_QUESTION_CHARS])
            took[way.name].append((time.perf_counter() - start) * 1000)
    return {name: median(times) for name, times in took.items()}


def report(measured: Sequence[Measured]) -> list[str]:
    """A table, the reference first, then how near the first two are."""
    reference = measured[0]
    rows = [["way", "texts/s", "of a round", "beside the first", "a question"]]
    for one in measured:
        times = f"{one.rate / reference.rate:.2f} x"
        spread = f"{min(one.rates):.1f} to {max(one.rates):.1f}"
        rows.append([one.name, f"{one.rate:.1f}", spread, times, f"{one.query_ms:.1f} ms"])
    cosines = (measured[0].vectors * measured[1].vectors).sum(axis=1)
    return [*aligned(rows, words=1), f"cosine of the first two: mean {cosines.mean():.4f}, least {cosines.min():.4f}"]


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0: measured; 2: wrong input or set-up."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_embed", description="Texts a second, side by side.")
    parser.add_argument("--data-dir", type=Path, help="data directory of the catalog whose chunks are embedded")
    parser.add_argument("--pdfs", type=Path, default=Path("samples/reports"), help="folder of PDFs to embed otherwise")
    parser.add_argument("--texts", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(given)
    if not 1 <= options.rounds <= options.texts:
        parser.error("give at least one round, and a text for each")
    try:
        source = options.data_dir or options.pdfs
        every = texts_of_catalog(source) if options.data_dir else texts_of_pdfs(source)
        texts = draw(every, options.texts, options.seed)
        rounds = min(options.rounds, len(texts))
        before = load()
        with tempfile.TemporaryDirectory() as folder:
            own = E5Embedder(lambda: ensure_bundled_model(Path(folder), lambda _: None))
            lines = report(measure(ways(Path(folder), own), texts, rounds))
    except ReportRagError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return 2
    chars = median(len(text) for text in texts)
    told = f"{len(texts)} of {len(every)} texts of {source}, the median of {chars:.0f} characters, in {rounds} rounds"
    sys.stdout.write("\n".join([machine(), f"load average {before} before, {load()} after", told, *lines]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
