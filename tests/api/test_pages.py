"""GET /v1/reports/{id}/pages/{n}: text, blocks, picture, and what is marked on it."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest
from fastapi.testclient import TestClient

from api.highlight import find_quote


@pytest.fixture
def page(client: TestClient) -> str:
    """The path of the second page of the report on kelp."""
    reports = client.get("/v1/reports").json()["reports"]
    kelp = next(report["id"] for report in reports if report["files"] == ["kelp.pdf"])
    return f"/v1/reports/{kelp}/pages/1"


def picture(content: bytes) -> pymupdf.Pixmap:
    return pymupdf.Pixmap(content)


def yellow(pixels: pymupdf.Pixmap) -> list[tuple[int, int]]:
    """Pixels of a marked, white background."""
    colours = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)
    marked = (colours[..., 0] > 240) & (colours[..., 1] > 220) & (colours[..., 2] < 190)
    return [(int(x), int(y)) for y, x in np.argwhere(marked)]


def test_a_page_has_text_blocks_and_chunks(client: TestClient, page: str) -> None:
    got = client.get(page).json()
    assert (got["page"], got["page_count"]) == (1, 2)
    assert "14%" in got["text"]
    assert got["blocks"]
    for block in got["blocks"]:
        assert got["text"][block["start"] : block["end"]].strip()
        assert block["boxes"]
    found = client.post("/v1/search", json={"question": "kelp prices"}).json()["passages"][0]
    assert found["chunk_id"] in [chunk["id"] for chunk in got["chunks"]]
    assert got["marked"] == []


def test_what_is_asked_for_is_marked(client: TestClient, page: str) -> None:
    asked = {"question": "How much did kelp prices rise in Norrvik Bay?", "writer": "extractive"}
    citation = client.post("/v1/answers", json=asked).json()["sentences"][0]["citations"][0]
    by_quote = client.get(page, params={"quote": citation["quote"]}).json()
    assert by_quote["marked"] == citation["boxes"]
    boxes = [",".join(str(box[side]) for side in ("x0", "y0", "x1", "y1")) for box in citation["boxes"]]
    assert client.get(page, params={"box": boxes}).json()["marked"] == citation["boxes"]
    chunk = client.get(page).json()["chunks"][0]
    assert client.get(page, params={"chunk": chunk["id"]}).json()["marked"] == chunk["boxes"]
    image = client.get(by_quote["image"])
    assert image.headers["content-type"] == "image/png"


def test_the_picture_is_marked_where_the_words_stand(client: TestClient, page: str) -> None:
    words = "two hatcheries closed"
    plain = client.get(f"{page}.png", params={"width": 595})
    marked = client.get(f"{page}.png", params={"width": 595, "quote": words})
    assert yellow(picture(plain.content)) == []
    got = client.get(page, params={"quote": words}).json()
    pixels = yellow(picture(marked.content))
    assert pixels
    scale = 595 / got["width"]
    for x, y in pixels:
        assert any(
            box["x0"] * scale - 3 <= x <= box["x1"] * scale + 3 and box["y0"] * scale - 3 <= y <= box["y1"] * scale + 3
            for box in got["marked"]
        )


@pytest.mark.parametrize("width", [100, 640, 3000])
def test_the_picture_is_as_wide_as_asked(client: TestClient, page: str, width: int) -> None:
    got = client.get(f"{page}.png", params={"width": width})
    assert picture(got.content).width == width


@pytest.mark.parametrize("suffix", ["", ".png"])
def test_who_has_it_gets_it_not_again(client: TestClient, page: str, suffix: str) -> None:
    first = client.get(page + suffix)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for sent in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
        again = client.get(page + suffix, headers={"if-none-match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(page + suffix, headers={"if-none-match": '"other"'}).status_code == 200
    marked = client.get(page + suffix, params={"quote": "two hatcheries"})
    assert marked.headers["etag"] != tag


def test_texts_are_sent_small_and_pictures_as_they_are(client: TestClient, page: str) -> None:
    packed = {"accept-encoding": "gzip"}
    assert client.get("/openapi.json", headers=packed).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get(f"{page}.png", headers=packed).headers


@pytest.mark.parametrize("suffix", ["", ".png"])
@pytest.mark.parametrize(
    ("number", "query", "status", "said"),
    [
        ("2", "", 404, "has pages 0 to 1, not 2"),
        ("999999", "", 404, "pages are counted from 0"),
        ("-1", "", 422, "number"),
        ("99999999999999999999", "", 422, "number"),
        ("one", "", 422, "number"),
        ("1", "chunk=nothing", 404, "no chunk 'nothing' on page 1"),
        ("0", "chunk=nothing", 404, "no chunk 'nothing' on page 0"),
        ("1", "quote=three%20hatcheries", 404, "does not have the words"),
        ("1", "quote=%20", 404, "does not have the words"),
        ("1", "box=1,2,3", 422, "a box is x0,y0,x1,y1"),
        ("1", "box=5,5,1,9", 422, "a box is x0,y0,x1,y1"),
        ("1", "box=nan,1,2,3", 422, "a box is x0,y0,x1,y1"),
    ],
)
def test_what_is_not_there(
    client: TestClient, page: str, number: str, query: str, status: int, said: str, suffix: str
) -> None:
    response = client.get(f"{page[:-1]}{number}{suffix}?{query}")
    assert response.status_code == status, response.text
    assert said in response.json()["detail"]


@pytest.mark.parametrize("width", ["99", "3001", "wide"])
def test_pictures_have_a_sensible_width(client: TestClient, page: str, width: str) -> None:
    assert client.get(f"{page}.png?width={width}").status_code == 422


def test_a_chunk_of_another_page_is_not_on_this_one(client: TestClient, page: str) -> None:
    other = client.get(f"{page[:-1]}0").json()["chunks"]
    here = client.get(page).json()["chunks"]
    assert client.get(f"{page[:-1]}0", params={"chunk": here[0]["id"]}).status_code == 404
    assert not {chunk["id"] for chunk in other} & {chunk["id"] for chunk in here}


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("one two\nthree", "two\nthree", "two\nthree"),
        ("one two\nthree", "two three", "two\nthree"),
        ("一二\n三四", "二三", "二\n三"),
        ("a\tb", " a b ", "a\tb"),
        ("abc", "abd", None),
        ("abc", " ", None),
    ],
)
def test_quotes_are_found_whatever_blanks_they_have(text: str, quote: str, found: str | None) -> None:
    place = find_quote(text, quote)
    assert (None if place is None else text[slice(*place)]) == found
