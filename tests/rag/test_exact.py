from rag.exact import is_quote, is_row_of

PAGE = "我们不认为，收入会增长8%。利润增长5%。\n表1 | 单位：百万元 | 营业收入 | 2023A 1,234 | 2024E 1,456"


def test_a_quote_begins_where_a_sentence_begins() -> None:
    assert is_quote("利润增长5%。", PAGE)
    assert not is_quote("收入会增长8%。", PAGE)


def test_the_cells_of_a_row_beside_its_label() -> None:
    assert is_row_of("营业收入（百万元）：2023A 1,234，2024E 1,456", PAGE)
    assert not is_row_of("营业收入（百万元）：2023A 1,456", PAGE)
    assert not is_row_of("营业成本（百万元）：2023A 1,234", PAGE.replace("营业收入", "毛利"))


def test_a_date_with_a_comma_parts_no_cell() -> None:
    page = "Income | Cost of sales | 2018 20,441 | Year Ended May 31, 2017 19,038 | Year Ended May 31, 2016 17,405"
    assert is_row_of("Cost of sales (In millions): 2018 20,441, Year Ended May 31, 2017 19,038", page)
    assert not is_row_of("Cost of sales (In millions): 2018 20,441, Year Ended May 31, 2017 17,405", page)
    assert not is_row_of("Cost of sales (In millions): 2018 20,441, 2017 19,038", page)
