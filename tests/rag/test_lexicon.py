"""Terms found in texts, and lexicon files that cannot be used."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Term
from rag.errors import ConfigurationError
from rag.lexicon import BUNDLED, Concept, Lexicon, read_concepts
from rag.text import is_han

lexicon = Lexicon(
    [
        Concept(
            ("资本开支", "资本支出"), ("capital expenditure", "capex", "purchases of property, plant and equipment")
        ),
        Concept(("AH溢价",), ("ah premium",)),
        Concept(("溢价",), ("premium",)),
        Concept(("固定资产",), ("property, plant and equipment", "fixed assets")),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What is the FY2018 Capital Expenditures of 7Q?", ["capital expenditure"]),
        ("CapEx and fixed asset turnover", ["capex", "fixed asset"]),
        ("purchases of property, plant and equipment", ["purchase of property plant and equipment"]),
        ("2018年資本開支是多少", ["资本开支"]),
        ("ＡＨ溢價会收窄吗", ["ah 溢 价"]),
        ("中资本开展", []),
        ("", []),
    ],
)
def test_the_longest_term_is_found_however_it_is_written(text: str, found: list[str]) -> None:
    assert [term.text.replace(" ", "") for term in lexicon.find(text)] == [one.replace(" ", "") for one in found]


def test_a_term_brings_its_other_names_and_not_itself() -> None:
    (term,) = lexicon.find("capex of the year")
    assert term.zh == ("资本开支", "资本支出")
    assert term.en == ("capital expenditure", "purchases of property, plant and equipment")


def test_a_concept_counts_once() -> None:
    assert len(lexicon.find("capex, that is capital expenditure, 资本支出")) == 1


def test_the_bundled_lexicon_is_large_and_names_every_concept_in_both_languages() -> None:
    bundled = Lexicon.load()
    assert len(bundled) >= 600
    for asked, other in (
        ("southbound flows", "南向资金"),
        ("南向资金", "southbound"),
        ("net interest margin", "净息差"),
    ):
        (term,) = bundled.find(asked)
        assert any(other in name for name in (*term.zh, *term.en))


def test_a_user_file_comes_before_the_bundled_one(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("# trams\n电车里程\ttram mile|tram mileage\n净息差\thouse margin\n", encoding="utf-8")
    both = Lexicon.load(own)
    assert both.find("tram mileage")[0].zh == ("电车里程",)
    assert both.find("净息差")[0].en == ("house margin",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("资本开支 capex\n", "line 1: expected Chinese terms, one tab"),
        ("# first\n资本开支\t\n", "line 2: '' is no term"),
        ("capex\t资本开支\n", "line 1: Chinese terms come before the tab"),
        ("资本开支||支出\tcapex\n", "'' is no term"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, text: str, reason: str) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=reason):
        Lexicon.load(own)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nothing\.tsv cannot be read"):
        Lexicon.load(tmp_path / "nothing.tsv")


def test_every_bundled_name_is_found_in_itself() -> None:
    bundled = Lexicon.load()
    names = [name for concept in read_concepts(BUNDLED) for name in (*concept.zh, *concept.en)]
    apart = [name for name in names if [type(part) for part in bundled.parts(name)] != [Term]]
    assert len(names) > 5000
    assert apart == []


BROKEN = Lexicon([Concept(("销售、一般费用", "费用"), ("selling, general expense", "expense"))])


def test_a_name_with_a_mark_inside_is_a_term_of_two_stretches() -> None:
    (term,) = BROKEN.find("销售、一般费用占比")
    assert term.text == "销售 一般费用"
    assert [part.text if isinstance(part, Term) else part for part in BROKEN.parts("销售一般费用")] == [
        "销售一般",
        "费用",
    ]


@given(st.text(alphabet="销售一般费用、 ，/a1&（"))
def test_parts_keep_all_that_is_said(text: str) -> None:
    said = "".join(part.text if isinstance(part, Term) else part for part in BROKEN.parts(text))
    assert [c for c in said if is_han(c)] == [c for c in text if is_han(c)]
