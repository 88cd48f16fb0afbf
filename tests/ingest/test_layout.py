from ingest.layout import arrange
from ingest.lines import Line, repair
from rag.domain import Box


def line(text: str, x0: float, y0: float, x1: float, *, size: float = 10.0, bold: bool = False, block: int = 0) -> Line:
    return Line(text, Box(x0, y0, x1, y0 + 12), size, bold, block)


def test_lines_on_one_baseline_are_a_row_with_tabs_between_cells() -> None:
    text, blocks = arrange([line("营业收入", 50, 100, 90), line("1,234", 200, 100, 230), line("1,500", 300, 100, 330)])
    assert text == "营业收入\t1,234\t1,500"
    assert [b.kind for b in blocks] == ["row"]
    assert [text[p.start : p.end] for p in blocks[0].pieces] == ["营业收入", "1,234", "1,500"]


def test_a_bullet_belongs_to_its_text() -> None:
    text, blocks = arrange([line("•", 50, 100, 55), line("需求回升", 70, 100, 120)])
    assert text == "•需求回升"
    assert blocks[0].kind == "text"


def test_lines_of_a_paragraph_join_without_blanks_in_chinese_and_with_one_in_english() -> None:
    chinese, _ = arrange([line("我们预计全年收入", 50, 100, 300), line("增长一成。", 50, 113, 110)])
    english, _ = arrange([line("We expect revenue to", 50, 100, 300), line("grow by a tenth.", 50, 113, 150)])
    assert chinese == "我们预计全年收入增长一成。"
    assert english == "We expect revenue to grow by a tenth."


def test_a_large_short_line_is_a_heading() -> None:
    _, blocks = arrange([line("一、投资要点", 50, 80, 150, size=14), line("正文" * 20 + "。", 50, 100, 500, block=1)])
    assert [b.kind for b in blocks] == ["heading", "text"]


def test_columns_are_not_mixed() -> None:
    left = [line("左栏第一行文字", 50, 100, 200, block=0), line("左栏第二行。", 50, 113, 150, block=0)]
    right = [line("右栏第一行文字", 300, 100, 450, block=1), line("右栏第二行。", 300, 113, 400, block=1)]
    text, _ = arrange(left + right)
    assert text.split("\n") == ["左栏第一行文字左栏第二行。", "右栏第一行文字右栏第二行。"]


def test_repair_drops_doubled_radicals_and_names_bullets() -> None:
    assert repair("因⼦子 模型") == "因子 模型"
    assert repair("\uf06e 要点\u200b") == "• 要点"
