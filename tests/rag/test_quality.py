from rag.domain import Block, Box, Page, Piece, Table
from rag.quality import quality_of

BOX = Box(50, 50, 300, 60)


def page(number: int, **fields: object) -> Page:
    blocks = (
        Block("text", 0, 4, (Piece(0, 4, BOX),)),
        Block("furniture", 5, 9, (Piece(5, 9, BOX),)),
    )
    return Page(number, None, 600, 800, "甲乙丙丁\n页眉页眉", blocks, **fields)  # type: ignore[arg-type]


def test_the_record_counts_pages_by_how_they_were_read() -> None:
    table = Table(BOX, (), (0,), ("",))
    pages = [
        page(0, hidden=2),
        page(1, way="layout", tables=(table,)),
        page(2, read_by="ocr"),
        page(3, read_by="failed", garbled=0.5),
    ]
    found = quality_of(pages, ["page 3: cannot be read"])
    assert found.pages == 4
    assert dict(found.read_by) == {"text": 2, "ocr": 1, "failed": 1}
    assert dict(found.ways) == {"stream": 1, "layout": 1}
    assert found.ocr == 0.25
    assert found.garbled == 0.125
    assert found.garbled_pages == (3,)
    assert found.failed_pages == (3,)
    assert (found.hidden, found.tables, found.figures, found.left_out) == (2, 1, 0, 4)
    assert found.warnings == ("page 3: cannot be read",)


def test_a_report_without_pages_has_an_empty_record() -> None:
    found = quality_of([])
    assert (found.pages, found.ocr, found.garbled) == (0, 0.0, 0.0)
