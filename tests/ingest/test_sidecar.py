from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.sidecar import Beside, passwords_beside, read_sidecars, sidecars_of
from rag.domain import Fact
from rag.errors import IngestError
from rag.publishers import Entry, Publishers

PUBLISHERS = Publishers(
    [Entry("中金公司", ("CICC", "中金")), Entry("国泰", ("GT",)), Entry("广泰", ("GT",))],
)


def write(folder: Path, content: object, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_every_key_becomes_a_fact_of_the_sidecar(tmp_path: Path) -> None:
    said = {
        "title": "  海带 ",
        "publisher": "cicc",
        "published": "2024-02-29",
        "language": "zh",
        "type": "company",
        "analysts": ["张三", "Li Si"],
        "company": "海带股份",
        "ticker": "600519.SH",
        "rating": "买入",
        "target_price": "1,800元",
        "form": "annual report",
        "fiscal_period": "FY2023",
        "password": "s3cret",
    }
    beside = read_sidecars([write(tmp_path, said)], PUBLISHERS)
    values = {**said, "title": "海带", "publisher": "中金公司", "analysts": "张三; Li Si"}
    del values["password"]
    assert beside.facts == tuple(Fact(name, value, 1.0, None, "sidecar") for name, value in values.items())  # type: ignore[arg-type]
    assert beside.passwords == ("s3cret",)


@pytest.mark.parametrize("name", ["Nobody Research", "GT"])
def test_a_publisher_that_is_unknown_or_of_several_is_kept_as_given(tmp_path: Path, name: str) -> None:
    (fact,) = read_sidecars([write(tmp_path, {"publisher": name})], PUBLISHERS).facts
    assert fact.value == name


def test_null_and_an_empty_list_say_nothing(tmp_path: Path) -> None:
    said = {"title": None, "analysts": [], "password": None, "rating": None}
    assert read_sidecars([write(tmp_path, said)], PUBLISHERS) == Beside()


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"rating": "Buy"}')
    assert [fact.value for fact in read_sidecars([tmp_path / "a.json"], PUBLISHERS).facts] == ["Buy"]


def test_no_sidecar_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    paths = [tmp_path / "none.json", tmp_path / "folder.json", tmp_path / "no folder" / "a.json"]
    assert read_sidecars(paths, PUBLISHERS) == Beside()


BAD = [
    ('{"titel": "x"}', "unknown key 'titel': expected title, publisher"),
    ('{"published": "2024-2-3"}', "published: expected a day of the calendar as YYYY-MM-DD, found '2024-2-3'"),
    ('{"published": "2024-02-30"}', "published: expected a day of the calendar"),
    ('{"published": "2024-02-03T00:00:00"}', "published: expected a day of the calendar"),
    ('{"published": 1700000000}', "published: expected a day of the calendar"),
    ('{"language": "fr"}', "language: expected 'zh' or 'en', found 'fr'"),
    ('{"type": "novel"}', "type: expected 'strategy', 'macro'"),
    ('{"analysts": "A. Smith"}', "analysts: expected array, found 'A. Smith'"),
    ('{"analysts": ["A", 3]}', "analysts.1: expected string, found 3"),
    ('{"analysts": ["A; B"]}', "analysts.0: expected one name without a semicolon"),
    ('{"target_price": 12.5}', "target_price: expected string, found 12.5"),
    ('{"title": ""}', "title: expected at least 1 character"),
    ('{"title": "  "}', "title: expected at least 1 character"),
    ('{"title": "a\\nb"}', "title: expected one line of text without control characters"),
    ('{"title": "a\\u0000b"}', "title: expected one line of text"),
    ('{"title": "\\ud800"}', "no JSON"),
    (json.dumps({"title": "x" * 501}), "title: expected at most 500 characters"),
    (json.dumps({"company": "x" * 201}), "company: expected at most 200 characters"),
    ('{"title": "x"', "no JSON: EOF"),
    ("", "no JSON"),
    ("[]", "expected a JSON object"),
    ('"title"', "expected a JSON object"),
    ("[" * 60_000, "no JSON"),
    (" " * (64 << 10) + "{}", "is larger than 64 KB"),
    (json.dumps({f"key{n}": n for n in range(9)}), "; and 6 more"),
]


@pytest.mark.parametrize(("content", "said"), BAD, ids=[said for _, said in BAD])
def test_what_does_not_fit_names_sidecar_key_and_what_was_expected(tmp_path: Path, content: str, said: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(IngestError) as caught:
        read_sidecars([path], PUBLISHERS)
    message = str(caught.value)
    assert message.startswith(f"sidecar {path}")
    assert said in message
    assert "\n" not in message
    assert len(message) < 600


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"title": "\xff\xfe"}')
    with pytest.raises(IngestError, match="no JSON"):
        read_sidecars([tmp_path / "a.json"], PUBLISHERS)


def test_a_misspelt_key_is_named_before_other_faults(tmp_path: Path) -> None:
    path = write(tmp_path, {"title": 1, "company": 2, "rating": 3, "form": 4, "tiker": "x"})
    with pytest.raises(IngestError, match=r"unknown key 'tiker'.*and 2 more"):
        read_sidecars([path], PUBLISHERS)


@pytest.mark.parametrize(
    "content",
    [
        '{"password": ["s3cret"]}',
        '{"password": "s3cret", "title": 5}',
        '{"password": "s3cret", "oops": 5}',
        '{"password": "s3cret"',
        '["s3cret"]',
    ],
)
def test_a_password_is_in_no_error_and_no_repr(tmp_path: Path, content: str) -> None:
    with pytest.raises(IngestError) as caught:
        read_sidecars([write(tmp_path, content)], PUBLISHERS)
    error: BaseException | None = caught.value
    while error is not None:
        assert "s3cret" not in repr(error)
        error = error.__cause__
    assert "s3cret" not in repr(read_sidecars([write(tmp_path, {"password": "s3cret"})], PUBLISHERS))


def test_of_several_sidecars_the_first_by_path_is_heard_in_any_order(tmp_path: Path) -> None:
    one = write(tmp_path, {"title": "One", "password": "1"}, "1.json")
    two = write(tmp_path, {"title": "Two", "rating": "Buy", "password": "2"}, "2.json")
    beside = read_sidecars([two, one], PUBLISHERS)
    assert {fact.name: fact.value for fact in beside.facts} == {"title": "One", "rating": "Buy"}
    assert beside.passwords == ("1", "2")
    assert beside == read_sidecars([one, two], PUBLISHERS)


def test_only_sources_that_are_paths_of_pdfs_have_sidecars() -> None:
    sources = ["/r/a.pdf", "/r/b.PDF", "/r/note.txt", "upload:abc/c.pdf", "d.pdf"]
    assert sidecars_of(sources) == {Path("/r/a.json"), Path("/r/b.json")}


def test_passwords_of_a_kept_report_outlast_a_fault_beside(tmp_path: Path) -> None:
    write(tmp_path, {"password": "s3cret"})
    assert passwords_beside([str(tmp_path / "a.pdf"), "upload:abc/a.pdf"], PUBLISHERS) == ("s3cret",)
    write(tmp_path, "{")
    assert passwords_beside([str(tmp_path / "a.pdf")], PUBLISHERS) == ()
