"""Companies as reports name them, found as questions name them."""

from collections import Counter

import pytest

from rag.companies import BUNDLED, Companies, names_any, uncovered
from rag.lexicon import Concept, read_concepts
from rag.text import fold

NAMED = [
    ("HARBOUR & LINNET", "HBL"),
    ("Harbour & Linnet Inc.", None),
    ("The Amber Tram Company", None),
    ("Northport Light Rail, Inc.", "NLR.N"),
    ("General Depots plc", "GDP"),
    ("General Trams plc", None),
    ("CRX HEALTH CORPORATION", "CRX"),
    ("7Q COMPANY", None),
    ("青岚机电股份有限公司", "600999.SH"),
    ("松河股份", "001999"),
]
companies = Companies(NAMED)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What did Harbour and Linnet earn?", "HARBOUR & LINNET"),
        ("What did H&L earn?", "HARBOUR & LINNET"),
        ("Is HnL growing?", "HARBOUR & LINNET"),
        ("margin of HBL", "HARBOUR & LINNET"),
        ("amber tram's fares", "The Amber Tram Company"),
        ("Amber’s fares", "The Amber Tram Company"),
        ("AmTram's fares", "The Amber Tram Company"),
        ("Ambertram's fares", "The Amber Tram Company"),
        ("Northprot's fares", "Northport Light Rail, Inc."),
        ("Nortport's fares", "Northport Light Rail, Inc."),
        ("NoLiRa in 2022", "Northport Light Rail, Inc."),
        ("does CRX pay dividends", "CRX HEALTH CORPORATION"),
        ("is 7Q capital intensive", "7Q COMPANY"),
        ("青岚机电的毛利率", "青岚机电股份有限公司"),
        ("600999 的毛利率", "青岚机电股份有限公司"),
        ("松河如何扩产", "松河股份"),
        ("How does Songhe expand?", "松河股份"),
        ("Song He's plants", "松河股份"),
        ("Qinglan Electric's margin", "青岚机电股份有限公司"),
        ("what of Qinglanjidian", "青岚机电股份有限公司"),
    ],
)
def test_a_company_is_found_by_what_people_call_it(question: str, found: str) -> None:
    assert companies.find(question) == (found,)


@pytest.mark.parametrize(
    "question",
    ["amber light on a light rail", "General outlook", "What is the GDP of Northern ports", "crx", "AND", "a & b", ""],
)
def test_words_that_are_no_names_name_no_company(question: str) -> None:
    assert set(companies.find(question)) <= {"General Depots plc"}


def test_several_are_found_in_order_and_once() -> None:
    assert companies.find("松河 beside CRX and Northport Light Rail, CRX again") == (
        "松河股份",
        "CRX HEALTH CORPORATION",
        "Northport Light Rail, Inc.",
    )


def test_names_that_differ_in_legal_form_are_one_company() -> None:
    assert companies.canonical("Harbour & Linnet Inc.") == "HARBOUR & LINNET"
    assert companies.canonical("Harbour and Linnet plc") == "HARBOUR & LINNET"
    assert companies.canonical("Another Ltd") == "Another Ltd"


KNOWN = [
    Concept(("琥珀电车", "琥珀"), ("Amber Tram", "Ambertram")),
    Concept(("北港轻轨",), ("Northport Light",)),
    Concept(("松河股份",), ("Pine River", "Songhe Industries")),
    Concept(("无人知晓",), ("Nobody Knows",)),
]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("琥珀电车的票价", ("The Amber Tram Company",)),
        ("北港轻轨和松河股份", ("Northport Light Rail, Inc.", "松河股份")),
        ("What does Pine River make?", ("松河股份",)),
        ("pine river", ("松河股份",)),
        ("无人知晓的Nobody Knows", ()),
    ],
)
def test_well_known_companies_go_by_names_of_both_languages(question: str, found: tuple[str, ...]) -> None:
    assert Companies(NAMED, KNOWN).find(question) == found


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("松河股份 (001999 CH) 的增长潜力", "松河股份 的增长潜力"),
        ("松河股份（001999.SZ）如何", "松河股份 如何"),
        ("001999的毛利率", "的毛利率"),
        ("营收 123456 万元，2024 年", "营收 123456 万元，2024 年"),
        ("margin of HBL", "margin of HBL"),
    ],
)
def test_numeric_tickers_of_known_companies_are_no_words(question: str, plain: str) -> None:
    assert " ".join(companies.without_codes(question).split()) == plain


def test_names_of_the_other_language_are_not_spelt_in_pinyin() -> None:
    assert Companies(NAMED, KNOWN).find("How is Hupo Dianche doing?") == ()


def test_no_bundled_name_stands_for_two_companies() -> None:
    names = [fold(name) for concept in read_concepts(BUNDLED) for name in (*concept.zh, *concept.en)]
    assert len(names) > 5000
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_two_names_of_one_company_in_the_catalog_are_one() -> None:
    known = [Concept(("琥珀车",), ("Amber Trams", "Amber Tramways"))]
    both = Companies([("Amber Tramways Inc.", None), ("Amber Trams plc", None)], known)
    for question in ("Amber Trams' margin", "Amber's margin", "琥珀车的毛利率"):
        (found,) = both.find(question)
        assert {both.canonical("Amber Trams plc"), both.canonical("Amber Tramways Inc.")} == {found}


@pytest.mark.parametrize(
    ("text", "rest"),
    [("青岚机电的毛利率", " 的毛利率"), ("Is the Amber Tram dear?", "Is the   dear?"), ("no name", "no name")],
)
def test_a_text_without_the_names_of_companies(text: str, rest: str) -> None:
    assert companies.without_names(text) == rest


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("宁德时代的目标价是多少", ["宁德时代"]),
        ("What is Tesla's gross margin beside BYD's?", ["特斯拉", "比亚迪"]),
        ("the visa of tesla", []),  # names are written with a capital
        ("这款产品以完美的做工著称", []),
        ("Is Amber Tram dearer than Oracle?", ["甲骨文"]),
    ],
)
def test_well_known_companies_that_no_report_covers(question: str, first: list[str]) -> None:
    assert [names[0] for names in uncovered(question, companies)] == first


@pytest.mark.parametrize("name", ["宁德时代新能源科技股份有限公司", "宁德时代"])
def test_a_company_that_a_report_covers_is_covered_by_all_its_names(name: str) -> None:
    assert uncovered("CATL and 宁德时代", Companies([(name, None)], read_concepts(BUNDLED))) == ()


def test_a_text_names_a_company_by_any_of_its_names() -> None:
    catl = (("宁德时代", "CATL"),)
    assert names_any("shares of CATL, listed in May", catl)
    assert names_any("寧德時代赴港", catl)
    assert not names_any("catlike", catl)
