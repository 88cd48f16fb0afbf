from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.errors import NotFoundError, UsageError

ONE, TWO, THREE = "9f2c41d0aa17b3e5", "9f2cffffffffffff", "0123456789abcdef"
Put = Callable[..., object]


@pytest.fixture
def shelf(catalog: Catalog, put: Put, tmp_path: Path) -> Catalog:
    put("", str(tmp_path / "catl.pdf"), "upload/年报 点评.pdf", id=ONE, title="宁德时代2023年报点评")
    put("", "/b/same.pdf", "key-2", id=TWO, title="比亚迪深度报告")
    put("", "/c/same.pdf", r"C:\reports\win.pdf", "/d/2024", id=THREE, title="Global Battery Outlook")
    return catalog


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (ONE, ONE),
        (ONE.upper(), ONE),
        (f"  {ONE} ", ONE),
        ("9f2c4", ONE),
        ("9F2CF", TWO),
        ("0123", THREE),
        ("upload/年报 点评.pdf", ONE),
        ("年报 点评.pdf", ONE),
        ("key-2", TWO),
        ("/b/same.pdf", TWO),
        ("/c/../b/same.pdf", TWO),
        ("catl.pdf", ONE),
        ("win.pdf", THREE),
        ("2024", THREE),
    ],
)
def test_what_a_person_may_type(shelf: Catalog, ref: str, expected: str) -> None:
    assert shelf.resolve(ref).id == expected


def test_a_path_from_here(shelf: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert shelf.resolve("../catl.pdf").id == ONE
    assert shelf.resolve("./../sub/../catl.pdf").id == ONE


@pytest.mark.parametrize("ref", ["9f2c", "9F2C"])
def test_a_start_that_fits_two_names_both(shelf: Catalog, ref: str) -> None:
    with pytest.raises(UsageError, match="fits 2 reports") as caught:
        shelf.resolve(ref)
    assert not isinstance(caught.value, NotFoundError)
    assert set(caught.value.candidates) == {f"{ONE}  宁德时代2023年报点评", f"{TWO}  比亚迪深度报告"}


def test_a_file_name_of_two_names_both(shelf: Catalog) -> None:
    with pytest.raises(UsageError, match="fits 2 reports") as caught:
        shelf.resolve("same.pdf")
    assert {candidate[:16] for candidate in caught.value.candidates} == {TWO, THREE}


def test_a_start_and_a_file_name_that_differ_are_ambiguous(catalog: Catalog, put: Put) -> None:
    put("", "/d/2024", id=ONE)
    put("", "/e/x.pdf", id="2024aaaaaaaaaaaa")
    with pytest.raises(UsageError, match="fits 2 reports"):
        catalog.resolve("2024")


@pytest.mark.parametrize(
    ("ref", "nearest"),
    [
        ("9f2c41d0aa17b3e6", ONE),  # one digit wrong
        ("宁德时代", ONE),  # a part of the title
        ("global batery outlok", THREE),  # spelt badly
        ("catl.pfd", ONE),  # a file name spelt badly
        ("battery", THREE),
    ],
)
def test_what_is_not_there_names_the_nearest(shelf: Catalog, ref: str, nearest: str) -> None:
    with pytest.raises(NotFoundError, match="no report") as caught:
        shelf.resolve(ref)
    assert caught.value.candidates[0].startswith(f"{nearest}  ")


@pytest.mark.parametrize("ref", ["", " ", "9f2", "zzzzzzzzzzzz", "%", "____", "x" * 5000])
def test_nothing_near_gives_no_candidates(shelf: Catalog, ref: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        shelf.resolve(ref)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("ref", ["a\0b", "\ud83d"])
def test_what_cannot_be_a_name_is_a_wrong_use(shelf: Catalog, ref: str) -> None:
    with pytest.raises(UsageError):
        shelf.resolve(ref)


def test_an_empty_catalog(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError) as caught:
        catalog.resolve("9f2c")
    assert caught.value.candidates == ()
