from __future__ import annotations

from rag.definition import words_of
from rag.expression import Line, lines_of
from rag.metrics import BUNDLED, Metrics

metrics = Metrics.load()


def test_every_formula_is_of_lines_of_the_file() -> None:
    assert all(line.name in metrics.items for one in metrics.metrics.values() for line in lines_of(one.expression))
    assert all(isinstance(one.expression, Line) for name in metrics.items if (one := metrics.named(words_of(name))))


def test_no_name_means_two_things() -> None:
    told: dict[tuple[str, ...], str] = {}
    for row in BUNDLED.read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            _, name, _, _, called, _ = row.split("\t")
            for words in {words_of(one) for one in (name, *called.split("|"))}:
                assert told.setdefault(words, name) == name


def test_names_have_no_marks_that_a_formula_could_be_misread_by() -> None:
    assert all(words_of(item.name) and words_of(item.zh) for item in metrics.items.values())
