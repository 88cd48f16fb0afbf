"""PDF files made to hang, crash or fill the reader: `BOMBS` has a maker for each, `python bombs.py FOLDER` writes them.

Each maker takes a path and writes one file of at most a few megabytes. They are written by hand, object by object,
since no library would write them.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

Objects = dict[int, bytes]

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
HELLO = b"BT /F 12 Tf 50 700 Td (a bomb with a line of text) Tj ET\n"


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object; `extra` are further keys of its dictionary."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data)


def squeezed(data: bytes, times: int = 1, extra: bytes = b"") -> bytes:
    """A stream object that is deflated as often as said."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, extra + b"/Filter[%s]" % (b"/FlateDecode " * times))


def zeros(megabytes: int, byte: bytes = b"\0") -> bytes:
    """Deflated run of one byte, made without holding it."""
    deflate = zlib.compressobj(9)
    return b"".join(deflate.compress(byte * 2**20) for _ in range(megabytes)) + deflate.flush()


def one_page(resources: bytes = b"", content: bytes = HELLO, **more: bytes) -> Objects:
    """A document of one page; `more` are objects o6, o7 and so on."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: PAGE % resources,
        4: stream(content),
        5: FONT,
    }
    return objects | {int(name[1:]): body for name, body in more.items()}


def write(path: Path, objects: Objects, trailer: bytes = b"") -> None:
    """The objects with a cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = max(objects) + 1
    table = b"".join(b"%010d %05d %s \n" % (places.get(n, 0), 0, b"n" if n in places else b"f") for n in range(size))
    start = len(out)
    out += b"xref\n0 %d\n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        trailer,
        start,
    )
    path.write_bytes(out)


# --- documents -------------------------------------------------------------------------------------------------------


def deep_page_tree(path: Path) -> None:
    depth = 50_000
    objects = one_page()
    objects[2] = b"<</Type/Pages/Kids[10 0 R]/Count 1>>"
    for level in range(10, 10 + depth):
        below = level + 1 if level + 1 < 10 + depth else 3
        objects[level] = b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (max(level - 1, 2), below)
    write(path, objects)


def page_tree_loop(path: Path) -> None:
    objects = one_page()
    objects[2] = b"<</Type/Pages/Kids[6 0 R 3 0 R]/Count 1000000>>"
    objects[6] = b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 6 0 R]/Count 999999>>"
    write(path, objects)


def deep_arrays(path: Path) -> None:
    write(
        path,
        one_page(o6=b"[" * 500_000 + b"]" * 500_000) | {3: (PAGE % b"").replace(b"/Contents", b"/X 6 0 R/Contents")},
    )


def million_objects(path: Path) -> None:
    """A cross-reference stream of a million rows, each pointing at the same object stream."""
    objects = one_page()
    out = bytearray(b"%PDF-1.7\n")
    rows = {0: (0, 0, 0)}
    for number, body in objects.items():
        rows[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows[6] = (1, len(out), 0)
    first = b"".join(b"%c%s%c" % (kind, place.to_bytes(3, "big"), third) for kind, place, third in rows.values())
    table = zlib.compress(first + b"\2\0\0\4\0" * (1_000_000 - len(rows)), 9)
    keys = b"/Type/XRef/Size 1000000/W[1 3 1]/Root 1 0 R/Filter/FlateDecode"
    path.write_bytes(bytes(out) + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (stream(table, keys), rows[6][1]))


def xref_loop(path: Path) -> None:
    write(path, one_page(), b"/Prev 9")
    data = path.read_bytes()
    start = data.rindex(b"xref\n0")
    path.write_bytes(data.replace(b"/Prev 9", b"/Prev %d" % start))


def object_stream_loop(path: Path) -> None:
    """Objects in a stream that extends itself, found through a cross-reference stream whose /Prev is itself."""
    body = (
        b"1 0 2 33 3 70 "
        + b"<</Type/Catalog/Pages 2 0 R>>    <</Type/Pages/Kids[3 0 R]/Count 1>>  <</Type/Page/Parent 2 0 R>>"
    )
    out = b"%PDF-1.7\n"
    at_objects = len(out)
    out += b"4 0 obj\n%s\nendobj\n" % stream(body, b"/Type/ObjStm/N 3/First 14/Extends 4 0 R")
    at_table = len(out)
    rows = [(0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, at_objects, 0), (1, at_table, 0)]
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + bytes([third]) for kind, place, third in rows)
    keys = b"/Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Prev %d" % at_table
    path.write_bytes(out + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (stream(table, keys), at_table))


def ten_thousand_pages(path: Path) -> None:
    objects = one_page()
    kids = b" ".join(b"%d 0 R" % n for n in range(10, 10_010))
    objects[2] = b"<</Type/Pages/Kids[%s]/Count 10000>>" % kids
    write(path, objects | dict.fromkeys(range(10, 10_010), PAGE % b""))


def bookmark_loop(path: Path) -> None:
    objects = one_page(
        o6=b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 2>>",
        o7=b"<</Title(a)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Last 7 0 R/Dest[3 0 R/Fit]>>",
    )
    objects[1] = b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>"
    write(path, objects)


# --- what a page draws -----------------------------------------------------------------------------------------------


def form(content: bytes, resources: bytes = b"") -> bytes:
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>" % resources)


def nested_forms(path: Path) -> None:
    """Ten forms that each draw the next ten times: ten to the tenth lines of text."""
    objects = one_page(b"/XObject<</X 10 0 R>>", HELLO + b"/X Do\n")
    for number in range(10, 20):
        objects[number] = form(b"/X Do\n" * 10, b"/XObject<</X %d 0 R>>" % (number + 1))
    objects[20] = form(b"BT /F 9 Tf 50 500 Td (again and again) Tj ET\n", b"/Font<</F 5 0 R>>")
    write(path, objects)


def self_drawing_form(path: Path) -> None:
    write(
        path, one_page(b"/XObject<</X 6 0 R>>", HELLO + b"/X Do\n", o6=form(b"/X Do /X Do\n", b"/XObject<</X 6 0 R>>"))
    )


def deep_forms(path: Path) -> None:
    objects = one_page(b"/XObject<</X 10 0 R>>", HELLO + b"/X Do\n")
    for number in range(10, 5_010):
        objects[number] = form(b"q /X Do Q\n", b"/XObject<</X %d 0 R>>" % (number + 1))
    objects[5_010] = form(b"0 0 9 9 re f\n")
    write(path, objects)


def huge_page(path: Path) -> None:
    objects = one_page()
    objects[3] = objects[3].replace(b"[0 0 595 842]", b"[0 0 2000000000 2000000000]")
    write(path, objects)


def two_hundred_inches(path: Path) -> None:
    objects = one_page(content=HELLO + b"0 0 14400 14400 re f\n")
    objects[3] = objects[3].replace(b"[0 0 595 842]", b"[0 0 14400 14400]/UserUnit 1000")
    write(path, objects)


def image(width: int, height: int, data: bytes, filters: bytes = b"/FlateDecode", extra: bytes = b"") -> bytes:
    keys = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter[%s]%s"
    return stream(data, keys % (width, height, filters, extra))


DRAW = HELLO + b"q 500 0 0 300 40 300 cm /X Do Q\n"


def huge_image(path: Path) -> None:
    """40,000 by 40,000 pixels of which the file has 200 MB."""
    write(path, one_page(b"/XObject<</X 6 0 R>>", DRAW, o6=image(40_000, 40_000, zeros(200))))


def deflated_twice_image(path: Path) -> None:
    data = zlib.compress(zeros(600), 9)
    write(path, one_page(b"/XObject<</X 6 0 R>>", DRAW, o6=image(20_000, 20_000, data, b"/FlateDecode/FlateDecode")))


def zip_bomb_content(path: Path) -> None:
    """Content of 600 MB of blanks in some kilobytes."""
    objects = one_page()
    objects[4] = stream(zlib.compress(zeros(600, b" "), 9), b"/Filter[/FlateDecode/FlateDecode]")
    write(path, objects)


def huge_numbers(path: Path) -> None:
    content = HELLO + b"".join(
        b"q 1e%d 0 0 1e%d 1e30 -1e30 cm BT /F 1e%d Tf (size) Tj ET 0 0 1e20 1e20 re f Q\n" % (n, n, n)
        for n in range(39)
    )
    write(path, one_page(content=content + b"BT /F 999999999 Tf -1e9 -1e9 Td (size) Tj ET\n" * 1000))


def path_operators(path: Path) -> None:
    """Two million segments in one path, stroked with dashes of a hundredth of a point."""
    objects = one_page()
    objects[4] = squeezed(HELLO + b"[.01 .01] 0 d 1 w 0 0 m\n" + b"500 800 l 0 1 l\n" * 1_000_000 + b"S\n")
    write(path, objects)


def text_of_millions(path: Path) -> None:
    objects = one_page()
    line = b"(" + b"never ending words " * 50 + b") Tj T*\n"
    objects[4] = squeezed(b"BT /F 1 Tf 1 TL 20 800 Td\n" + line * 5_000 + b"ET\n")
    write(path, objects)


def self_painting_glyph(path: Path) -> None:
    """A Type 3 font whose letter a is drawn with the letter a, twice."""
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 7 0 R>>/FirstChar 97"
        b"/LastChar 97/Widths[1]/Encoding<</Differences[97/a]>>/Resources<</Font<</T 6 0 R>>>>>>"
    )
    glyph = stream(b"1 0 d0 BT /T 1 Tf (aa) Tj ET 0 0 1 1 re f\n")
    objects = one_page(content=HELLO + b"BT /T 12 Tf 50 500 Td (aaaa) Tj ET\n", o6=font, o7=glyph)
    objects[3] = objects[3].replace(b"/F 5 0 R", b"/F 5 0 R/T 6 0 R")
    write(path, objects)


def self_painting_pattern(path: Path) -> None:
    keys = (
        b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep .001/YStep .001/Resources<</Pattern<</P 6 0 R>>>>"
    )
    pattern = stream(b"/Pattern cs /P scn 0 0 9 9 re f\n", keys)
    write(path, one_page(b"/Pattern<</P 6 0 R>>", HELLO + b"/Pattern cs /P scn 0 0 595 600 re f\n", o6=pattern))


def shading_of_functions(path: Path) -> None:
    """A shading whose function is stitched of itself, and one computed by a long program for each pixel."""
    program = b"{" + b"2 copy mul sin exch cos add 2 copy exp " * 3000 + b"0 0 0 }"
    function = stream(program, b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]")
    stitched = b"<</FunctionType 3/Domain[0 1]/Functions[8 0 R 8 0 R]/Bounds[.5]/Encode[0 1 0 1]>>"
    objects = one_page(
        b"/Shading<</S 6 0 R/R 9 0 R>>",
        HELLO + b"/R sh q 595 0 0 842 0 0 cm /S sh Q\n" * 20,
        o6=b"<</ShadingType 1/ColorSpace/DeviceRGB/Function 7 0 R>>",
        o7=function,
        o8=stitched,
        o9=b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 500 0]/Function 8 0 R/Extend[true true]>>",
    )
    write(path, objects)


def self_masking_group(path: Path) -> None:
    group = form(b"/G gs /X Do 0 0 500 500 re f\n", b"/ExtGState<</G 7 0 R>>/XObject<</X 6 0 R>>")
    group = group.replace(b"/BBox", b"/Group<</S/Transparency/CS/DeviceRGB>>/BBox")
    state = b"<</Type/ExtGState/SMask<</S/Luminosity/G 6 0 R>>>>"
    resources = b"/ExtGState<</G 7 0 R>>/XObject<</X 6 0 R>>"
    write(path, one_page(resources, HELLO + b"/G gs /X Do 0 0 500 600 re f\n", o6=group, o7=state))


BOMBS: tuple[Callable[[Path], None], ...] = (
    deep_page_tree,
    page_tree_loop,
    deep_arrays,
    million_objects,
    xref_loop,
    object_stream_loop,
    ten_thousand_pages,
    bookmark_loop,
    nested_forms,
    self_drawing_form,
    deep_forms,
    huge_page,
    two_hundred_inches,
    huge_image,
    deflated_twice_image,
    zip_bomb_content,
    huge_numbers,
    path_operators,
    text_of_millions,
    self_painting_glyph,
    self_painting_pattern,
    shading_of_functions,
    self_masking_group,
)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for bomb in BOMBS:
        bomb(folder / f"{bomb.__name__}.pdf")
