"""`import eval.x` rebinds the builtin `eval`; the checker must not know what it checks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_nothing_imports_eval_by_its_bare_name() -> None:
    sources = [file for folder in ("rag", "ingest", "eval", "api", "tests") for file in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 50
    bare = re.compile(r"^\s*import eval\b", re.MULTILINE)
    assert [file for file in sources if bare.search(file.read_text("utf-8"))] == []


def test_the_checker_loads_nothing_of_what_it_checks() -> None:
    code = "import sys; from eval.check import check_text; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"rag.attribute", "rag.verify", "rag.numbers", "ingest"} & set(loaded.stdout.split())
