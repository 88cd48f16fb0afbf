"""Headings one after the other, and the path above what follows."""

import pytest

from ingest.outline import Outline


def path_after(*headings: tuple[str, float, bool]) -> tuple[str, ...]:
    outline = Outline()
    for text, size, bold in headings:
        outline.add(text, size, bold)
    return outline.path


def test_without_headings_the_path_is_empty() -> None:
    assert Outline().path == ()


def test_a_smaller_heading_stands_below_a_larger_one() -> None:
    assert path_after(("Trams", 18, True), ("Depots", 14, True)) == ("Trams", "Depots")


def test_a_heading_of_the_same_rank_takes_the_place_of_the_last() -> None:
    assert path_after(("Trams", 18, True), ("Depots", 14, True), ("Staff", 14.2, True)) == ("Trams", "Staff")


def test_a_larger_heading_closes_those_before_it() -> None:
    assert path_after(("Trams", 18, True), ("Depots", 14, True), ("Outlook", 18, True)) == ("Outlook",)


def test_a_plain_heading_stands_below_a_bold_one_of_its_size() -> None:
    assert path_after(("Trams", 12, True), ("Depots", 12, False)) == ("Trams", "Depots")
    assert path_after(("Trams", 12, False), ("Depots", 12, True)) == ("Depots",)


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("第一章 电车", "一、交付"),
        ("一、交付", "（一）北线"),
        ("（一）北线", "1、站点"),
        ("1. Trams", "1.1 North line"),
        ("1.1 North line", "1.1.1 Stops"),
        ("Part II", "Item 7. Results"),
    ],
)
def test_numbers_tell_the_depth_before_sizes(upper: str, lower: str) -> None:
    assert path_after((upper, 10, False), (lower, 18, True)) == (upper, lower)
    assert path_after((lower, 18, True), (upper, 10, False)) == (upper,)


def test_headings_numbered_alike_follow_each_other() -> None:
    assert path_after(("一、交付", 14, True), ("二、盈利", 12, False)) == ("二、盈利",)
    assert path_after(("1.1 North", 14, True), ("1.2 South", 12, False)) == ("1.2 South",)


def test_numbered_and_plain_headings_go_by_size() -> None:
    assert path_after(("一、交付", 16, True), ("北线", 12, True)) == ("一、交付", "北线")
    assert path_after(("北线", 12, True), ("一、交付", 16, True)) == ("一、交付",)


def test_the_path_holds_the_three_innermost() -> None:
    found = path_after(("One", 20, True), ("Two", 18, True), ("Three", 16, True), ("Four", 14, True))
    assert found == ("Two", "Three", "Four")


def test_long_headings_are_cut_and_blanks_made_single() -> None:
    assert path_after(("Trams  and\tdepots", 14, True)) == ("Trams and depots",)
    assert [len(text) for text in path_after(("电车" * 40, 14, True))] == [60]
