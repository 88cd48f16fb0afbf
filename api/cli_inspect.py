"""`report-rag inspect`: how a report was read, what of a page, and the page with all that drawn in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from api import render
from api.cli_parts import DataDir, Json, err, open_service, out, print_json
from rag.domain import Chunk, Page, Report
from rag.errors import UsageError
from rag.grid import markdown
from rag.quality import Quality, quality_of
from rag.service import Service

app = typer.Typer()
_LONGEST = 120  # characters of a block that are shown


@app.command()
def inspect(
    report: Annotated[str, typer.Argument(help="Report: id, start of one, or path.")],
    page: Annotated[int | None, typer.Option(help="Show what was read of this page (zero-based).")] = None,
    image: Annotated[
        Path | None, typer.Option(help="Write the page to this PNG with blocks, tables and figures drawn in.")
    ] = None,
    chunk: Annotated[
        str | None, typer.Option(help="Mark the text of this chunk in the picture: an id or a start of one.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """How a report was read: its quality record; with --page the blocks, tables, figures and chunks of a page."""
    if (image is not None or chunk is not None) and page is None:
        raise UsageError("--image and --chunk are about one page: name it with --page")
    if chunk is not None and image is None:
        raise UsageError("--chunk marks a chunk in the picture: give --image FILE.png")
    with open_service(data_dir) as service:
        found = service.catalog.resolve(report)
        if page is None:
            record = quality_of(service.catalog.pages(found.id), service.catalog.stored(found.id).warnings)
            print_json(render.to_json(record)) if as_json else out.print("\n".join(quality_lines(found, record)))
            return
        read = service.catalog.page(found.id, page)
        chunks = [one for one in service.catalog.chunks(found.id) if one.page == page]
        if image is not None:
            _write_picture(service, found, read, chunks, image, chunk)
    if as_json:
        print_json({"page": render.to_json(read), "chunks": render.to_json(chunks)})
    else:
        out.print("\n".join(page_lines(read, chunks)))


def quality_lines(report: Report, record: Quality) -> list[str]:
    """The record as lines for a person."""
    by = ", ".join(f"{count} {name}" for name, count in record.read_by)
    ways = ", ".join(f"{count} {name}" for name, count in record.ways)
    lines = [
        f"{report.title} ({report.id})",
        f"  pages       {record.pages}: {by}" + (f"; laid out by {ways}" if ways else ""),
        f"  OCR         {record.ocr:.0%} of pages",
        f"  garbled     {record.garbled:.2%} of characters{_listed(record.garbled_pages)}",
        f"  hidden      {record.hidden} runs of text that a reader cannot see, left out",
        f"  left out    {record.left_out} running headers, footers and notices",
        f"  tables      {record.tables}",
        f"  figures     {record.figures}",
    ]
    if record.failed_pages:
        lines.append(f"  failed     {_listed(record.failed_pages)}")
    return lines + [f"  warning     {warning}" for warning in record.warnings]


def _listed(pages: tuple[int, ...]) -> str:
    return f" (pages {', '.join(map(str, pages))})" if pages else ""


def page_lines(page: Page, chunks: list[Chunk]) -> list[str]:
    """What was read of a page, block by block, then its tables, figures and chunks."""
    kinds = Counter(block.kind for block in page.blocks)
    lines = [
        f"page {page.number} (label {page.label or '-'}), {page.width:g} x {page.height:g} pt, read by {page.read_by}, "
        f"laid out by {page.way}; hidden {page.hidden}, garbled {page.garbled:.1%}",
        "blocks: " + (", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none"),
    ]
    for index, block in enumerate(page.blocks):
        text = page.text[block.start : block.end].replace("\t", " | ")
        lines.append(f"  {index:3} {block.kind:9} {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}")
    for chunk in chunks:
        lines += ["", f"chunk {chunk.id} ({chunk.kind}) under: {' > '.join(chunk.path) or '-'}"]
        if chunk.grid is not None:
            lines += [f"  {line}" for line in markdown(chunk.grid).split("\n")]
    return lines


def _write_picture(
    service: Service, report: Report, page: Page, chunks: list[Chunk], image: Path, wanted: str | None
) -> None:
    from ingest.copies import copy_of
    from ingest.picture import draw_page

    marked = [chunk for chunk in chunks if wanted is not None and chunk.id.startswith(wanted)]
    if wanted is not None and len(marked) != 1:
        among: list[Any] = [chunk.id for chunk in chunks]
        raise UsageError(f"{len(marked)} chunks of page {page.number} begin with {wanted!r}, not one", among)
    spans = [span for chunk in marked for span in chunk.spans]
    png = draw_page(
        copy_of(service.settings.data_dir / "files", report.sha256), page, spans, passwords=service.settings.passwords
    )
    try:
        image.write_bytes(png)
    except OSError as exc:
        raise UsageError(f"{image} cannot be written: {exc.strerror or exc}") from exc
    err.print(f"{image} written")
