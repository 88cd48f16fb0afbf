"""docs/evaluation.md names every option of the commands, every baseline and every metric, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typer

from api.cli_eval import app
from eval.baselines import builders
from eval.metrics import MEASURES, RECALLS
from rag.service import Service

Fixture = Any
DOCS = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text("utf-8")


def test_every_option_has_its_line() -> None:
    commands = typer.main.get_group(app).commands
    assert set(commands) == {"run", "compare", "report", "answers", "digests", "claims"}
    told = set(re.findall(r"--[a-z][a-z-]+", DOCS))
    assert told == {
        option
        for command in commands.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert all(f"report-rag eval {name} " in DOCS for name in commands)


def test_every_baseline_has_its_line(eval_set: Fixture) -> None:
    service = Service(eval_set.own)
    names = list(builders(service, lambda _: None))
    service.close()
    table = DOCS[DOCS.index("| name | what it is |") :]
    assert re.findall(r"^\| (?!name|---)(.+?) \|", table, re.MULTILINE) == names


def test_every_metric_is_told() -> None:
    assert {name.split("@")[0] for name in (*MEASURES, *RECALLS)} == set(re.findall(r"\*\*(\w+)@", DOCS))
    assert "(1, 3, 5, 10, 20)" in DOCS
