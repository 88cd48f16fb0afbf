"""Questions of a run that was stopped to the same questions answered: a line each beside the run's file, gone at the end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.datasets import Question
from eval.metrics import Level, Places
from eval.report import Asked

PlacesOf = Mapping[Level, Places]
_ASKED, _PLACES = TypeAdapter(Asked), TypeAdapter(dict[Level, Places])


class PartialRun:
    """What was answered so far. A run that differs in anything that `key` holds has another file.

    A line is `{"label": ..., "asked": ...}`, ours, or `{"label": ..., "baseline": name, "places": ...}`. What stands in a
    line that was cut off is asked again, and so is a question whose text or label changed.
    """

    def __init__(self, runs: Path, name: str, key: Mapping[str, object]) -> None:
        digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:12]
        self.file = runs / f"{name}-{digest}.partial.jsonl"
        self._asked: dict[str, Asked] = {}
        self._places: dict[tuple[str, str], PlacesOf] = {}
        if self.file.exists():
            rows = self.file.read_bytes().split(b"\n")
            whole = [row for row in rows if self._take(row)]
            self.file.write_bytes(b"".join(row + b"\n" for row in whole))

    def asked(self, question: Question) -> Asked | None:
        return self._asked.get(_label(question))

    def places(self, baseline: str, question: Question) -> PlacesOf | None:
        return self._places.get((baseline, _label(question)))

    def add(self, question: Question, asked: Asked) -> None:
        self._append({"label": _label(question), "asked": asdict(asked)})

    def add_places(self, baseline: str, question: Question, places: PlacesOf) -> None:
        held = {level: asdict(at) for level, at in places.items()}
        self._append({"label": _label(question), "baseline": baseline, "places": held})

    def remove(self) -> None:
        self.file.unlink(missing_ok=True)

    @property
    def held(self) -> int:
        """Questions that need not be asked again."""
        return len(self._asked)

    def _take(self, row: bytes) -> bool:
        """Whether the line is whole."""
        try:
            values = json.loads(row)
            if "asked" in values:
                self._asked[values["label"]] = _ASKED.validate_python(values["asked"])
            else:
                self._places[values["baseline"], values["label"]] = _PLACES.validate_python(values["places"])
        except (ValueError, KeyError, TypeError, ValidationError):
            return False
        return True

    def _append(self, values: Mapping[str, object]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values, ensure_ascii=False) + "\n")


def _label(question: Question) -> str:
    """All of a question that its result depends on, as one text."""
    facts = (question.id, question.question, question.lang, question.type, question.answerable)
    return json.dumps([*facts, question.report_id, question.pages], ensure_ascii=False)
