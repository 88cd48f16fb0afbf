"""Texts as a recogniser gives them, and what their page says they are."""

import pytest

from ingest.ocr.mending import DASH, dash_mended, digits_mended, figure_mended, has_thousands, one_script

THOUSANDS = ["1,234,567", "22,049", "(8,100)"]
DECIMALS = ["1.234", "5.678", "9.012"]


@pytest.mark.parametrize(
    ("read", "column", "meant"),
    [
        ("104.828,656", [], "104,828,656"),
        ("104.828.656", [], "104,828,656"),
        ("22049,616", [], "22,049,616"),
        ("1.234", THOUSANDS, "1,234"),
        ("12.345%", THOUSANDS, "12,345%"),
        ("$1.234,567", [], "$1,234,567"),
        ("S1,234", [], "$1,234"),
        ("(S 1,234)", [], "($ 1,234)"),
        ("（1，234）", THOUSANDS, "(1,234)"),
        (".1,234", [], "1,234"),
    ],
)
def test_marks_of_thousands_are_put_right(read: str, column: list[str], meant: str) -> None:
    assert figure_mended(read, column) == meant


@pytest.mark.parametrize(
    ("read", "column", "meant"),
    [
        ("1195,347)", [], "(195,347)"),
        ("1,195,347)", [], "1,195,347)"),
        ("1195,347)", THOUSANDS, "(195,347)"),
        ("195,347)", THOUSANDS, "(195,347)"),
        ("12)", ["(5)", "7"], "(12)"),
        ("(195,347", THOUSANDS, "(195,347)"),
        ("(12", ["(5)"], "(12"),
        ("12)", ["5", "7"], "12)"),
    ],
)
def test_brackets_are_closed_as_the_column_has_them(read: str, column: list[str], meant: str) -> None:
    assert figure_mended(read, column) == meant


@pytest.mark.parametrize("column", [[], DECIMALS, THOUSANDS])
@pytest.mark.parametrize(
    "text", ["0.123", "12.5%", "3.14", "1,234", "(1,234)", "2023", "12", "1,234.56", "12.3x", "－", "$5", "1.2345"]
)
def test_a_figure_that_is_right_stays(text: str, column: list[str]) -> None:
    assert figure_mended(text, column) == text


def test_a_point_before_three_digits_stays_in_a_column_of_decimals() -> None:
    assert figure_mended("1.234", DECIMALS) == "1.234"
    assert figure_mended("1.234", ["1,234"]) == "1.234"  # one figure proves nothing


def test_a_column_has_thousands_where_more_figures_say_so_than_not() -> None:
    assert has_thousands(["1,234", "5,678"])
    assert not has_thousands(["1,234"])
    assert not has_thousands(["1,234", "5,678", "1.234", "5.678"])
    assert not has_thousands(["1,2345", "5,67"])
    assert not has_thousands(["1,234.5", "5,678.9"])


@pytest.mark.parametrize(
    ("read", "meant"), [("10Q", "100"), ("1,O34", "1,034"), ("(2l5)", "(2l5)"), ("1I%", "11%"), ("5D", "50")]
)
def test_letters_in_a_figure_are_digits(read: str, meant: str) -> None:
    assert digits_mended(read) == meant


@pytest.mark.parametrize("text", ["Q10", "IOD", "10A", "1Q23E", "2023", "100", "O", ""])
def test_a_text_with_letters_stays(text: str) -> None:
    assert digits_mended(text) == text


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("透過損益按公允價值衡量之金融資產一流動", f"透過損益按公允價值衡量之金融資產{DASH}流動"),
        ("合同负债一非流动", f"合同负债{DASH}非流动"),
        ("應付帳款一關係人", f"應付帳款{DASH}關係人"),
        ("應收票據一淨額", f"應收票據{DASH}淨額"),
    ],
)
def test_a_dash_before_a_class_is_no_one(read: str, meant: str) -> None:
    assert dash_mended(read) == meant


@pytest.mark.parametrize("text", ["一流动", "第一季度", "一年内到期的非流动负债", "统一企业", "A一流动"])
def test_a_one_stays(text: str) -> None:
    assert dash_mended(text) == text


def test_few_simplified_characters_of_a_traditional_page_are_made_traditional() -> None:
    assert one_script(["資產總額與負債總額", "營業淨利", "长期投资"]) == ["資產總額與負債總額", "營業淨利", "長期投資"]


def test_few_traditional_characters_of_a_simplified_page_are_made_simplified() -> None:
    assert one_script(["资产总额与负债总额", "营业净利润", "長期"]) == ["资产总额与负债总额", "营业净利润", "长期"]


def test_a_page_in_both_scripts_stays() -> None:
    texts = ["資產總額", "资产总额"]
    assert one_script(texts) == texts


def test_characters_of_both_scripts_stay() -> None:
    """台 and 后 are in both; 台北 is not made 臺北 because another text is."""
    texts = ["資產總額與負債總額", "營業淨利", "台北", "皇后"]
    assert one_script([*texts, "台北资产"]) == [*texts, "台北資產"]


def test_a_rare_form_of_a_traditional_page_is_made_the_usual_one() -> None:
    assert one_script(["資產總額與負債總額", "資產淨額", "凈額", "资"])[2] == "淨額"


def test_texts_without_han_stay() -> None:
    assert one_script(["Cash", "1,234", ""]) == ["Cash", "1,234", ""]
    assert one_script([]) == []
