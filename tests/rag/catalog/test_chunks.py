from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.catalog import Catalog
from rag.domain import ChunkText
from rag.errors import NotFoundError
from rag.grid import search_text

A, B = "a" * 16, "b" * 16
Put = Callable[..., object]


def test_chunks_by_position(catalog: Catalog, make: Put) -> None:
    made = make("a", pages=3)
    catalog.stage(made.report, made.parsed, tuple(reversed(made.chunks)), pipeline="p1")
    catalog.publish(A, "/r/a.pdf")
    assert catalog.chunks(A) == made.chunks


def test_chunks_of_an_unknown_report(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError):
        catalog.chunks(A)


def test_chunks_by_id_gives_those_there_are(catalog: Catalog, put: Put) -> None:
    one, two = put("a"), put("b")
    wanted = [one.chunks[1].id, two.chunks[0].id, "00000000-0000-5000-8000-000000000000"]
    assert catalog.chunks_by_id(wanted) == {one.chunks[1].id: one.chunks[1], two.chunks[0].id: two.chunks[0]}
    assert catalog.chunks_by_id([]) == {}


def test_more_ids_than_one_query_takes(catalog: Catalog, put: Put) -> None:
    made = put("a", pages=1200)
    many = [chunk.id for chunk in made.chunks] + [str(number) for number in range(40_000)]
    assert len(catalog.chunks_by_id(many)) == 1200


def test_texts_of_pages(catalog: Catalog, put: Put) -> None:
    made = put("a", pages=3)
    put("b")
    second = replace(made.chunks[1], id="11111111-1111-5111-8111-111111111111", position=9)
    catalog.restage(A, [second, made.chunks[1], made.chunks[2]], "p1")

    found = catalog.texts_of_pages([(A, 0), (A, 1), (B, 0), (B, 5), (A, 1)])
    assert set(found) == {(A, 1), (B, 0)}
    assert found[A, 1] == tuple(ChunkText(c.id, c.position, search_text(c)) for c in (made.chunks[1], second))
    assert len(found[B, 0]) == 1
    assert catalog.texts_of_pages([]) == {}
