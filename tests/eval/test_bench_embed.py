"""The three ways on a few texts: each embeds them all, and the first two agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.bench_embed import Measured, draw, main, measure, report, texts_of_catalog, texts_of_pdfs, ways
from eval.machine import load, machine
from rag.errors import UsageError

Fixture = Any
SAMPLES = Path(__file__).parents[2] / "samples" / "reports"


def test_every_way_embeds_every_text(tmp_path: Path, sentences: Fixture) -> None:
    texts = ["云岭茶业春茶产量增长。", "Kelp prices rose.", "风电设备检修。", "A ton of feed", "8.1%"]
    measured = measure(ways(tmp_path, sentences), texts, 2)
    assert [one.name.split(",")[0] for one in measured] == ["sentence-transformers", "report-rag", "report-rag"]
    for one in measured:
        assert (len(one.vectors), one.texts, len(one.rates)) == (5, 5, 2)
        assert min(one.rates) <= one.rate <= max(one.rates)
        assert np.allclose(np.linalg.norm(one.vectors, axis=1), 1.0, atol=1e-4)
        assert one.query_ms > 0
    cosines = measured[0].vectors @ measured[1].vectors.T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2, 3, 4]  # the texts stand in one order
    assert cosines.diagonal().min() > 0.985


def test_the_table_sets_each_beside_the_first() -> None:
    unit, turned = np.eye(2, dtype=np.float32), np.array([[0.8, 0.6], [0, 1]], np.float32)
    slow = Measured("slow", 2, 2.0, (0.5, 2.0), 20.0, unit)
    fast = Measured("fast", 2, 0.5, (3.0, 5.0), 4.0, turned)
    rows = report([slow, fast])
    assert rows[1].split() == ["slow", "1.0", "0.5", "to", "2.0", "1.00", "x", "20.0", "ms"]
    assert rows[2].split() == ["fast", "4.0", "3.0", "to", "5.0", "4.00", "x", "4.0", "ms"]
    assert rows[3] == "cosine of the first two: mean 0.9000, least 0.8000"


def test_texts_come_of_pdfs_or_of_a_catalog(eval_set: Fixture) -> None:
    of_samples = texts_of_pdfs(SAMPLES)
    assert len(of_samples) > 100
    assert any("AH" in text for text in of_samples)
    assert any("14,250 crowns" in text for text in texts_of_catalog(eval_set.own.data_dir))


def test_the_seed_draws_the_same_texts() -> None:
    texts = [str(number) for number in range(100)]
    assert draw(texts, 10, 1) == draw(texts, 10, 1) != draw(texts, 10, 2)
    assert sorted(draw(texts, 1000, 1)) == sorted(texts)
    with pytest.raises(UsageError, match="--pdfs"):
        draw([], 10, 1)


def test_nothing_to_embed_ends_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pdfs", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: there is no text to embed")


def test_the_machine_is_told() -> None:
    assert "processors" in machine()
    assert float(load()) >= 0
