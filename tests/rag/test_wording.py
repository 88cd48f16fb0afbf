"""What of a claim counts as its words, and which of them a text says in its own."""

from __future__ import annotations

from rag.labels import named_parts
from rag.places import places_of
from rag.sparse import bigrams
from rag.verify import RuleVerifier
from rag.wording import held, renamed, share_said, share_told, stem, words_of


def test_names_of_the_report_figures_and_grammar_are_no_words() -> None:
    assert words_of("海岛航运的运价在2031年上涨8%。", "北湾证券 海岛航运股份 2032-01-01") == {"运价", "上涨"}
    assert words_of("Kelpa's margin fell to about $5 million", "Kelpa Inc. Annual Report") == {"margin", "fell"}


def test_a_word_is_held_in_another_form() -> None:
    assert stem("operations"[:-1]) == stem("operating")
    assert held(frozenset({"operation", "fish"}), frozenset({"operating", "fishes"})) == {"operation"}


def test_a_term_is_said_by_another_name_of_it() -> None:
    said = renamed("公司营收超预期", "营业收入好于预测")
    assert said >= {"营收"}
    assert not renamed("公司营收超预期", "天气晴朗")


def test_the_share_of_words_that_a_text_says() -> None:
    text = "Operating fish farms"
    words = words_of("Fish operations thrive")
    assert share_said("Fish operations thrive", words, text, frozenset(bigrams(text))) == 2 / 3
    assert share_said("5%", frozenset(), text, frozenset()) == 0


def test_rare_parts_of_a_label_name_its_row() -> None:
    page = "蒸煮类销售收入 | 2031 12.5\n油炸类销售收入 | 2031 33.1\n烘焙类销售收入 | 2031 8.2"
    steamed, fried, _ = places_of(page)
    words = words_of("蒸煮产品卖得好")
    assert named_parts(steamed, words, page)[1] > 0.5
    assert named_parts(fried, words, page)[1] == 0


def test_the_total_below_tells_which_of_two_rows_so_called_is_meant() -> None:
    page = (
        "蒸煮类收入 | 102.4 | 140.3\nYOY | 36.4% | 37.0%\n直销总收入 | 415.7 | 524.1\n"
        "油炸类收入 | 66.2 | 70.4\n蒸煮类收入 | 33.2 | 36.4\nYOY | 10.0% | -7.4%\n代理总收入 | 285.2 | 364.5"
    )
    verify = RuleVerifier().verify
    assert verify("代理端的蒸煮产品不增反降，下滑7.4%。", page).verdict.label == "supported"
    assert verify("直销端的蒸煮产品不增反降，下滑7.4%。", page).verdict.label != "supported"


def test_where_two_words_meet_is_said_with_them() -> None:
    sentence, text = "茶业预计产量增长。", "我们预计2031年茶业的产量将会增长。"
    words = words_of(sentence)
    assert share_said(sentence, words, text, frozenset(bigrams(text))) < 1
    assert share_told(sentence, words, text, frozenset(bigrams(text))) == 1
    assert share_told(sentence, words, "茶业产量增长。", frozenset(bigrams("茶业产量增长。"))) < 0.9
