"""Publisher aliases: canonical names, mentions in text, user files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ConfigurationError, UsageError
from rag.publishers import BUNDLED, Entry, Mention, Publishers, fold_name

PUBLISHERS = Publishers.load()


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("中金", "中金公司"),
        ("cicc", "中金公司"),
        ("ＣＩＣＣ", "中金公司"),
        ("中国国际金融股份有限公司", "中金公司"),
        ("China  International Capital Corporation", "中金公司"),
        ("国信证券股份有限公司", "国信证券"),
        ("海通证券股份有限公司研究所", "海通证券"),
        ("申银万国", "申万宏源"),
        ("齐鲁证券", "中泰证券"),
        ("安信证券", "国投证券（原安信证券）"),
        ("中国银河证券", "中国银河"),
        ("银河", "中国银河"),
        ("平安", "平安证券"),
        ("大摩", "Morgan Stanley"),
        ("高盛", "Goldman Sachs"),
        ("jp morgan", "J.P. Morgan"),
        ("Societe Generale", "Société Générale"),
        ("Macquarie Group Limited", "Macquarie"),
    ],
)
def test_canonical(written: str, canonical: str) -> None:
    assert PUBLISHERS.canonical(written) == canonical


def test_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(UsageError, match="国信证卷") as caught:
        PUBLISHERS.canonical("国信证卷")
    assert "国信证券" in caught.value.candidates


def test_unknown_name_without_a_neighbour() -> None:
    with pytest.raises(UsageError, match="nothing in the list is near") as caught:
        PUBLISHERS.canonical("zzqqxx")
    assert caught.value.candidates == ()


def test_shared_alias_names_its_owners() -> None:
    with pytest.raises(UsageError, match="ambiguous") as caught:
        PUBLISHERS.canonical("中信")
    assert caught.value.candidates == ("中信证券", "中信建投")


def test_known_names_of_the_catalog_count() -> None:
    assert PUBLISHERS.canonical("acme research", known=("ACME Research",)) == "ACME Research"
    with pytest.raises(UsageError) as caught:
        PUBLISHERS.canonical("acme reserch", known=("ACME Research",))
    assert caught.value.candidates[0] == "ACME Research"


def named(text: str) -> list[str]:
    return [mention.canonical for mention in PUBLISHERS.find(text)]


def test_find_gives_positions_in_the_original_text() -> None:
    text = "据ＣＩＣＣ与Goldman\nSachs的观点"
    assert PUBLISHERS.find(text) == (Mention("中金公司", 1, 5), Mention("Goldman Sachs", 6, 19))
    assert text[6:19] == "Goldman\nSachs"


def test_the_longest_alias_wins() -> None:
    assert named("国泰君安国际的看法") == ["国泰君安国际"]
    assert named("中信建投认为，中信证券认为") == ["中信建投", "中信证券"]


@pytest.mark.parametrize(
    "text",
    [
        "其中金融行业占比最高",
        "中金所股指期货",
        "上海证券交易所公告",
        "上海证券报讯",
        "华安证券投资基金",
        "长江流域与太平洋沿岸的银河系",
        "平安银行与首创集团",
        "they are citing the citizens' fitchburg ubsx",
        "a 5 ms delay in the east",
        "较大摩擦",
    ],
)
def test_other_meanings_are_not_mentions(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("方正的研报怎么看", "方正证券"),
        ("银河证券", "中国银河"),
        ("长江研究的观点", "长江证券"),
        ("GS research says", "Goldman Sachs"),
        ("analysts at GS expect", "Goldman Sachs"),
        ("中金怎么看黄金", "中金公司"),
        ("what does ubs expect?", "UBS"),
        ("方正证券报告称", "方正证券"),
    ],
)
def test_context_settles_ambiguous_aliases(text: str, house: str) -> None:
    assert named(text) == [house]


def test_a_shared_alias_is_no_mention() -> None:
    assert named("中信的研报") == []


def test_aliases() -> None:
    assert PUBLISHERS.aliases("中金公司")[0] == "中金公司"
    assert "CICC" in PUBLISHERS.aliases("中金公司")
    assert PUBLISHERS.aliases("无名证券") == ("无名证券",)


def test_user_words_are_short_chinese_names() -> None:
    words = PUBLISHERS.user_words()
    assert {"中金", "国信证券", "高盛"} <= set(words)
    assert not {"平安", "CICC", "中国国际金融股份有限公司", "华泰证券研究所", "江海证券有限公司", "交银国际证券"} & set(
        words
    )
    assert list(words) == sorted(set(words))


def test_bundled_list_is_large_and_every_name_finds_itself() -> None:
    rows = json.loads(BUNDLED.read_text(encoding="utf-8"))
    assert len(rows) >= 120
    assert len({fold_name(row["name"]) for row in rows}) == len(rows)
    for row in rows:
        assert PUBLISHERS.canonical(row["name"]) == row["name"]


def is_han(name: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in name)


def test_most_houses_have_a_short_a_full_and_a_foreign_name() -> None:
    chinese = foreign = 0
    for row in json.loads(BUNDLED.read_text(encoding="utf-8")):
        names = [row["name"], *row["aliases"], *row.get("ambiguous", [])]
        latin = [name for name in names if not is_han(name)]
        if is_han(row["name"]):
            short = any(is_han(name) and len(name) <= 4 for name in names)
            chinese += short and any(name.endswith("公司") for name in names) and bool(latin)
        else:
            foreign += len(latin) < len(names) and len(latin) > 1
    assert chinese >= 80
    assert foreign >= 40


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("上海申银万国证券研究所有限公司", "申万宏源"),
        ("上海证券有限责任公司", "上海证券"),
        ("长城国瑞证券", "长城国瑞"),
        ("Morgan Stanley Asia Limited", "Morgan Stanley"),
        ("BofA Securities, Inc.", "BofA"),
        ("东证衍生品研究院", "东证期货"),
        ("CSCI Pengyuan", "中证鹏元"),
    ],
)
def test_legal_names_and_desks(written: str, canonical: str) -> None:
    assert PUBLISHERS.canonical(written) == canonical
    assert named(written) == [canonical]


def write(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "houses.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_user_file_adds_and_overrides(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        [{"name": "中信证券", "aliases": ["中信"]}, {"name": "Acme Research", "aliases": ["阿克米"]}],
    )
    publishers = Publishers.load(path)
    assert publishers.canonical("中信") == "中信证券"
    assert publishers.canonical("中信建投证券") == "中信建投"
    assert [m.canonical for m in publishers.find("阿克米与中信")] == ["Acme Research", "中信证券"]
    assert publishers.fingerprint != PUBLISHERS.fingerprint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[{", "cannot be read as JSON"),
        ({"name": "A"}, "expected a list"),
        ([{"name": "A"}, {"aliases": []}], "entry 2"),
        ([{"name": " "}], "entry 1"),
        ([{"name": "Acme", "aliases": "x"}], r"entry 1 \(Acme\).*aliases"),
        ([{"name": "Acme", "alias": []}], r"entry 1 \(Acme\).*'alias'"),
        ([{"name": "Acme", "ambiguous": [""]}], r"entry 1 \(Acme\).*ambiguous"),
    ],
)
def test_broken_user_file_names_file_and_entry(tmp_path: Path, content: object, message: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ConfigurationError, match=message) as caught:
        Publishers.load(path)
    assert str(path) in str(caught.value)


def test_missing_user_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.json"):
        Publishers.load(tmp_path / "none.json")


def test_fingerprint_ignores_order() -> None:
    first = Publishers([Entry("A", ("x", "y")), Entry("B")])
    assert first.fingerprint == Publishers([Entry("B"), Entry("A", ("y", "x"))]).fingerprint
    assert first.fingerprint == Publishers([Entry("A", ("x",)), Entry("B")], [Entry("A", ("y",))]).fingerprint


@given(st.text(max_size=60))
def test_mentions_are_ordered_and_within_the_text(text: str) -> None:
    end = 0
    for mention in PUBLISHERS.find(text + "中金" + text):
        assert end <= mention.start < mention.end <= 2 * len(text) + 2
        end = mention.end
