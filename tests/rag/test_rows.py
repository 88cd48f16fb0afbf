from rag.rows import readable_lines


def test_cells_stand_beside_their_periods() -> None:
    text = "盈利预测\n指标\t2023A\t2024E\n营业收入（百万元）\t1,200\t1,500"
    assert list(readable_lines(text)) == [
        ("盈利预测", False),
        ("营业收入（百万元）：2023A 1,200，2024E 1,500", True),
    ]


def test_a_lone_currency_sign_belongs_to_its_number_and_cells_match_from_the_right() -> None:
    text = "2018\t2017\nTotal assets\t$\t36,500\t$\t37,987"
    assert list(readable_lines(text)) == [("Total assets: 2018 $36,500, 2017 $37,987", True)]


def test_without_a_header_the_cells_are_listed() -> None:
    assert list(readable_lines("甲\t1\t2")) == [("甲：1，2", True)]


def test_a_legend_is_no_row() -> None:
    assert list(readable_lines("AH溢价指数\t隐形底125\n恒生AH溢价指数\t约 128")) == [
        ("AH溢价指数 隐形底125", False),
        ("恒生AH溢价指数：约 128", True),
    ]
