"""Dictionary lines to words of the other language, and the file that is kept of them."""

from pathlib import Path

import pytest

from rag.dictionary import Dictionary

LINES = [
    "# a comment",
    "奶酪 奶酪 [nai3 lao4] /cheese/CL:塊|块[kuai4],盒[he2]/",
    "酪 酪 [lao4] /cheese/junket (dairy)/",
    "電車 电车 [dian4 che1] /tram/streetcar/",
    "軌道電車 轨道电车 [gui3 dao4 dian4 che1] /tram (on rails)/",
    "船塢 船坞 [chuan2 wu4] /dock/shipyard; a place for trams/",
    "塢 坞 [wu4] /variant of 塢/low wall around a village/",
    "擴大 扩大 [kuo4 da4] /to expand/to enlarge/",
    "A貨 A货 [A huo4] /good-quality fake/",
    "這不是一行",
]
small = Dictionary.build(LINES)


def test_a_gloss_leads_to_its_words_the_usual_first() -> None:
    assert small.zh["tram"] == ("电车", "轨道电车")
    assert small.zh["shipyard"] == ("船坞",)


def test_single_characters_stand_back_for_words() -> None:
    assert small.zh["cheese"] == ("奶酪",)
    assert small.zh["junket"] == ("酪",)


def test_verbs_are_found_without_their_particle_and_plurals_as_singulars() -> None:
    assert small.zh["expand"] == ("扩大",)
    assert small.en["船坞"][:2] == ("dock", "shipyard")


def test_what_explains_no_meaning_is_left_out() -> None:
    assert "坞" not in small.en
    assert not any("CL" in gloss for glosses in small.en.values() for gloss in glosses)
    assert "货" not in small.en


def test_the_bundled_dictionary_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Dictionary.load(tmp_path)
    assert "实验室" in first.zh["laboratory"]
    assert "laboratory" in first.en["实验室"]
    monkeypatch.setattr(Dictionary, "build", None)
    assert Dictionary.load(tmp_path) == first
    assert [file.suffix for file in tmp_path.iterdir()] == [".msgpack"]
