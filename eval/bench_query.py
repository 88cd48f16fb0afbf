"""Time per question of one filled index, beside rank-bm25 and qdrant-client's local mode over the same chunks.

    python -m eval.bench_query --data-dir DIR QUESTIONS.jsonl ... [--questions 100] [--seed 1]

Every question is put to each way before the next one comes. Ours is the whole of retrieval, with embedding and reading the
passages; rank-bm25 is BM25Okapi over the same words; local mode does one dense and one sparse query, without embedding. Its
dense vectors are random, of the same size: it compares with every point, whatever they are.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from qdrant_client import QdrantClient, models

from eval.baselines import OkapiRanker, Unit, chunk_units
from eval.labels import read_questions
from eval.machine import load, machine
from eval.table import aligned
from ingest.service import check_readable
from rag.config import load_settings
from rag.domain import SparseVector
from rag.errors import ReportRagError, UsageError
from rag.legs import DEPTH
from rag.service import Service

Ask = Callable[[str], object]
OURS = "report-rag"
_WARM_UP = ("What was the revenue in the last year?", "公司的营业收入是多少？")  # both languages: every model is loaded
_FILL_SECONDS = 300.0
_BATCH = 256


def draw(files: Sequence[Path], count: int, seed: int) -> list[str]:
    """At most `count` of the questions of all files, by the seed."""
    every = [question for file in files for question in read_questions(file)]
    if not every:
        raise UsageError("the files hold no question")
    return random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311  # no secret


class LocalMode:
    """qdrant-client without a server: chunks in its memory, filled until `seconds` have passed."""

    def __init__(self, service: Service, units: Sequence[Unit], seconds: float = _FILL_SECONDS) -> None:
        self._words = service.words
        self._random = np.random.default_rng(1)
        self._dimensions = service.embedder.dimensions
        self._client = QdrantClient(":memory:")
        self._client.create_collection(
            "chunks",
            vectors_config={"dense": models.VectorParams(size=self._dimensions, distance=models.Distance.COSINE)},
            sparse_vectors_config={"bm25": models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )
        self.points = 0
        end = time.perf_counter() + seconds
        for first in range(0, len(units), _BATCH):
            if time.perf_counter() > end:
                break
            batch = units[first : first + _BATCH]
            points = [
                models.PointStruct(
                    id=first + place,
                    vector={"dense": self._vector(), "bm25": _sparse(self._words.encode_document(unit.text))},
                )
                for place, unit in enumerate(batch)
            ]
            self._client.upsert("chunks", points)
            self.points += len(points)

    def ask(self, question: str) -> list[int]:
        """A query of each kind: the places of the best chunks by words."""
        query = _sparse(self._words.encode_query(question))
        self._client.query_points("chunks", query=self._vector(), using="dense", limit=DEPTH)
        found = self._client.query_points("chunks", query=query, using="bm25", limit=DEPTH)
        return [int(point.id) for point in found.points]

    def _vector(self) -> list[float]:
        values = self._random.standard_normal(self._dimensions)
        return [float(value) for value in values / np.linalg.norm(values)]


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def ask_all(ways: Mapping[str, Ask], questions: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds of every question, by way; each way is warmed up first."""
    for ask in ways.values():
        for question in _WARM_UP:
            ask(question)
    took: dict[str, list[float]] = {name: [] for name in ways}
    for question in questions:
        for name, ask in ways.items():
            start = time.perf_counter()
            ask(question)
            took[name].append((time.perf_counter() - start) * 1000)
    return took


def report(took: Mapping[str, Sequence[float]]) -> list[str]:
    """A table of p50 and p95, each beside ours."""
    p50, p95 = ({name: float(np.percentile(times, share)) for name, times in took.items()} for share in (50, 95))
    rows = [["way", "p50", "p95", "beside ours, p50"]]
    rows += [[name, f"{p50[name]:.1f} ms", f"{p95[name]:.1f} ms", f"{p50[name] / p50[OURS]:.2f} x"] for name in took]
    return aligned(rows, words=1)


def bench(service: Service, questions: Sequence[str], fill_seconds: float = _FILL_SECONDS) -> list[str]:
    """What the index holds, then the table. Raises when the index is empty or was made with other settings."""
    check_readable(service)
    units = list(chunk_units(service))
    reports = service.catalog.counts()[0]
    local = LocalMode(service, units, fill_seconds)
    okapi = OkapiRanker(units, service.tokenise)
    ways: dict[str, Ask] = {
        OURS: service.retriever.retrieve,
        "rank-bm25": okapi.rank,
        "qdrant-client, local mode": local.ask,
    }
    held = f"{reports} reports, {len(units)} chunks, {len(questions)} questions"
    if local.points < len(units):
        held += f"; local mode holds {local.points} chunks only, as filling it was ended after {fill_seconds:g} s"
    before = load()
    table = report(ask_all(ways, questions))
    return [machine(), f"load average {before} before, {load()} after", held, *table]


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0: measured; 2: wrong input or set-up."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_query", description="Time per question, side by side.")
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines with the key question")
    parser.add_argument("--data-dir", type=Path, help="data directory with a filled index (REPORT_RAG_DATA_DIR)")
    parser.add_argument("--questions", type=int, default=100, help="how many are drawn at most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(given)
    if options.questions < 1:
        parser.error("--questions must be 1 or more")
    service: Service | None = None
    try:
        questions = draw(options.files, options.questions, options.seed)
        service = Service(load_settings(data_dir=options.data_dir))
        lines = bench(service, questions)
    except ReportRagError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return 2
    finally:
        if service is not None:
            service.close()
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
