"""Slide decks: headings and lines that are no sentences."""

from rag.domain import Block, BlockKind, Page
from rag.slides import is_deck, summarise_slides


def slide(number: int, *parts: tuple[BlockKind, str], width: float = 960) -> Page:
    text, blocks = "", []
    for kind, part in parts:
        text += "\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(part), ()))
        text += part
    return Page(number, None, width, 540, text, tuple(blocks))


DECK = [
    slide(0, ("heading", "2024 results"), ("text", "• Revenue up 12% to 4.2bn"), ("text", "• Strong order intake")),
    slide(1, ("heading", "Outlook"), ("text", "• Capex of 300m in 2025"), ("furniture", "Page 2 of 3")),
    slide(2, ("heading", "Thanks"), ("text", "•")),
]


def test_a_deck_lies_on_its_side_and_has_few_sentences() -> None:
    assert is_deck(DECK)
    assert not is_deck([slide(0, ("text", "Revenue rose. Costs fell. Margins grew. Cash came in."))])
    assert not is_deck([slide(0, ("text", "Revenue up 12%"), width=400)])


def test_an_outline_has_the_slides_with_their_lines_and_pages() -> None:
    assert summarise_slides("outline", "en", DECK) == [
        ("2024 results", [("Revenue up 12% to 4.2bn", 0), ("Strong order intake", 0)]),
        ("Outlook", [("Capex of 300m in 2025", 1)]),
    ]


def test_a_brief_has_a_line_of_each_with_a_figure() -> None:
    assert summarise_slides("brief", "en", DECK) == [
        ("", [("Revenue up 12% to 4.2bn", 0), ("Capex of 300m in 2025", 1)])
    ]


def test_a_long_deck_is_told_from_all_of_it() -> None:
    deck = [slide(n, ("heading", f"Slide {n}"), ("text", f"Revenue of year {n} was strong")) for n in range(40)]
    pages = [page for _, lines in summarise_slides("outline", "en", deck) for _, page in lines]
    assert len(pages) == 10
    assert {page // 14 for page in pages} == {0, 1, 2}
