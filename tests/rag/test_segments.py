from hypothesis import given
from hypothesis import strategies as st

from rag.segments import align, segments_of

ROW = "表1 | 单位：百万元 | 营业收入 | 2023A 1,234 | 2024E 1,456"


def test_prose_is_parted_at_commas_but_not_inside_numbers() -> None:
    texts = [
        segment.text.strip(" ,，。;") for segment in segments_of("收入1,234亿元，增长8%。M1 grew 0.4% while M2 slowed.")
    ]
    assert texts == ["收入1,234亿元", "增长8%", "M1 grew 0.4%", "while M2 slowed."]


def test_an_aside_with_words_stands_apart_and_a_negative_figure_does_not() -> None:
    assert [s.text for s in segments_of("均值升至1.92%(12月1.71%)")] == ["均值升至1.92%", "(12月1.71%)"]
    assert len(segments_of("The balance was (7,115) in 2020.")) == 1


def test_a_row_is_parted_into_cells_beside_their_label() -> None:
    cells = segments_of(ROW)
    assert [cell.text for cell in cells if cell.years] == [
        "表1 | 单位：百万元 | 营业收入 | 2023A 1,234",
        "表1 | 单位：百万元 | 营业收入 | 2024E 1,456",
    ]
    assert all(cell.is_cell for cell in cells)


def test_a_row_that_has_its_line_is_not_told_twice() -> None:
    told = segments_of("营业收入\t1,234\t1,456\n" + ROW)
    assert all(segment.is_cell for segment in told)


def test_a_clause_is_aligned_with_what_says_most_of_it() -> None:
    page = segments_of("沪指涨0.43%，成交放大。科创50涨0.53%。")
    (clause,) = segments_of("科创50上涨0.53%")
    best = align(clause, page)
    assert best is not None
    assert "0.53%" in best.text
    assert align(segments_of("天气晴朗")[0], page) is None


@given(st.text(alphabet="甲乙 ,.，。()（）-17%\n\t|ab", max_size=60))
def test_segments_lie_in_the_text_in_order(text: str) -> None:
    segments = segments_of(text)
    assert all(0 <= s.start < s.end <= len(text) for s in segments)
    assert [s.start for s in segments] == sorted(s.start for s in segments)
