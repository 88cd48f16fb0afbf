"""Names of persons, and words that only look like them."""

from __future__ import annotations

import pytest

from ingest.metadata.people import chinese_names, english_name, names_run_together


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("莫清河", ("莫清河",)),
        ("莫清河、何以宁", ("莫清河", "何以宁")),
        ("莫清河 何以宁", ("莫清河", "何以宁")),
        ("高 鹏", ("高鹏",)),
        ("莫 清 河", ("莫清河",)),
        ("欧阳清河", ("欧阳清河",)),
        ("阿依古丽·买买提", ("阿依古丽·买买提",)),
        ("金融工程", ()),
        ("房地产", ()),
        ("电子组", ()),
        ("代码", ()),
        ("莫清河认为", ()),
        ("相关研究", ()),
        ("", ()),
    ],
)
def test_chinese_names(text: str, names: tuple[str, ...]) -> None:
    assert chinese_names(text) == names


def test_names_run_together() -> None:
    assert names_run_together("莫清河何以宁", 2) == ("莫清河", "何以宁")
    assert names_run_together("莫清何以宁", 2) == ("莫清", "何以宁")
    assert names_run_together("莫清河何以宁", 3) == ()
    assert names_run_together("投资咨询资格", 2) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jane Doe", "Jane Doe"),
        ("Jane Q. Doe, CFA", "Jane Q. Doe"),
        ("Peter van Horn", "Peter van Horn"),
        ("Dr. Anne-Marie O’Neil, Ph.D.", "Anne-Marie O’Neil"),
        ("Jane DOE AC", "Jane DOE"),
        ("Sam Lee*", "Sam Lee"),
        ("Equity Research", None),
        ("Hong Kong", None),
        ("Price Target", None),
        ("BIRCH SECURITIES", None),
        ("Jane", None),
        ("We expect volumes to recover", None),
    ],
)
def test_english_names(text: str, name: str | None) -> None:
    assert english_name(text) == name
