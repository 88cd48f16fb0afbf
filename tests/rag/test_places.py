from rag.places import holding, places_of
from rag.quantities import claimed
from rag.sparse import bigrams

PAGE = "营业收入12.4亿元，归母净利润2.1亿元。\n流动负债：\n合同负债（一年内）\t1,234\t2,345"


def test_a_sentence_and_a_row_are_places_and_a_row_has_a_label() -> None:
    sentence, _, row = places_of(PAGE)
    assert not sentence.is_row
    assert not sentence.label
    assert row.is_row
    assert row.label == set(bigrams("合同负债"))
    assert row.named_by(frozenset(bigrams("合同负债增加"))) == 1
    assert PAGE[row.start : row.end].endswith("2,345")


def test_a_place_holds_a_claim_where_it_states_all_figures() -> None:
    assert [p.sentence for p in holding(claimed("净利润2.1亿元，收入12.4亿元。"), PAGE)] == [0]
    assert list(holding(claimed("净利润2.1亿元，负债1,234。"), PAGE)) == []
    assert list(holding((), PAGE)) == []


def test_a_row_of_growth_is_called_as_the_row_above_it() -> None:
    page = "营业收入\t944\t1,274\nYOY\t6.2%\t34.9%\n毛利率\t25.8%\t26.7%\n增长率（%）\t1.2\t3.5\n营收增长率\t1.2\t3.5"
    revenue, growth, margin, other, own = (place.label for place in places_of(page))
    assert growth == revenue == set(bigrams("营业收入"))
    assert other == margin == set(bigrams("毛利率"))
    assert own == set(bigrams("营收增长率"))
