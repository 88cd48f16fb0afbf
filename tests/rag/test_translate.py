"""Questions to words of the other language, by a lexicon and a dictionary made here."""

from rag.dictionary import Dictionary
from rag.lexicon import Concept, Lexicon
from rag.sparse import WordTokeniser
from rag.translate import Translation, Translator

lexicon = Lexicon([Concept(("资本开支", "资本支出"), ("capital expenditure", "capex"))])
dictionary = Dictionary(
    zh={"tram": ("电车",), "depot": ("车库", "站场"), "capital": ("首都",), "new line": ("新线",)},
    en={"电车": ("tram", "streetcar"), "首都": ("capital city",), "多少": ("how many",)},
)
words_of = WordTokeniser([])
translator = Translator(lexicon, lambda: dictionary, words_of)


def words(translation: Translation) -> set[str]:
    return {text for text, _ in translation.texts}


def test_terms_come_before_words_of_the_dictionary() -> None:
    made = translator.translate("capital expenditures on trams and depots", "zh")
    assert words(made) == {"资本开支", "资本支出", "电车", "车库", "站场"}
    assert made.share == 1.0
    weights = dict(made.texts)
    assert weights["资本开支"] > weights["电车"]


def test_the_longest_entry_is_taken() -> None:
    assert words(translator.translate("the new lines", "zh")) == {"新线"}


def test_the_other_way_round() -> None:
    made = translator.translate("电车的资本开支", "en")
    assert words(made) == {"tram", "streetcar", "capital expenditure", "capex"}


def test_a_chinese_character_alone_is_no_word() -> None:
    many = Translator(lexicon, lambda: Dictionary(zh={}, en={"车": ("car",), "用": ("use", "cost")}), words_of)
    assert many.translate("用车", "en") == Translation((), 0.0)


def test_few_english_words_are_taken_for_a_chinese_one() -> None:
    many = Translator(
        lexicon, lambda: Dictionary(zh={}, en={"增长": ("growth", "increase", "rise", "to swell")}), words_of
    )
    made = many.translate("增长", "en")
    assert words(made) == {"growth", "increase"}
    assert all(weight < 1 for _, weight in made.texts)


def test_words_on_both_sides_of_a_mark_are_apart() -> None:
    apart = Translator(lexicon, lambda: Dictionary(zh={}, en={"资本": ("capital",), "开支": ("spending",)}), words_of)
    assert words(apart.translate("资本/开支", "en")) == {"capital", "spending"}
    assert words(apart.translate("资本开支", "en")) == {"capital expenditure", "capex"}


def test_numbers_and_names_are_kept_and_what_is_unknown_lowers_the_share() -> None:
    made = translator.translate("7Q depots in 2018", "zh")
    assert {"7q", "2018"} <= words(made)
    assert 0 < made.share < 1


def test_words_that_ask_say_nothing() -> None:
    assert translator.translate("please explain what the", "zh") == Translation((), 0.0)
    assert translator.translate("", "en") == Translation((), 0.0)
    deer = Translator(lexicon, lambda: Dictionary(zh={"doe": ("雌鹿",), "wa": ("佤",)}, en={}), words_of)
    assert deer.translate("how does it, what was it", "zh") == Translation((), 0.0)


def test_the_dictionary_is_loaded_when_it_is_needed() -> None:
    loaded: list[int] = []

    def load() -> Dictionary:
        loaded.append(1)
        return dictionary

    late = Translator(lexicon, load, words_of)
    assert not loaded
    late.translate("trams", "zh")
    late.translate("depots", "zh")
    assert loaded == [1]
