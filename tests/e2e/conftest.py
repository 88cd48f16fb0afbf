"""The samples, ingested once by the real command line into a data directory of the tests' own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.store.edge import EdgeStore

SAMPLES = Path(__file__).parents[2] / "samples"


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def make_run(data_dir: Path) -> Run:
    def run(*arguments: str | Path) -> Ran:
        command = [sys.executable, "-m", "api.cli", *map(str, arguments), "--data-dir", str(data_dir)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Path]:
    """An empty data directory that has the converted model."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").symlink_to(model_folder.parent)
    yield folder
    EdgeStore(folder / "index").shutdown_engine()


@pytest.fixture(scope="session")
def run(data_dir: Path) -> Run:
    """`run("ask", "...")`: the command line in a process of its own."""
    made = make_run(data_dir)
    ingested = made("ingest", SAMPLES / "reports")
    assert ingested.code == 0, ingested.err
    return made
