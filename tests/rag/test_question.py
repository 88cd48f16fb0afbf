import pytest

from rag.errors import UsageError
from rag.publishers import Publishers
from rag.question import LONGEST, understand

publishers = Publishers.load()


def test_language_and_publishers_by_any_name() -> None:
    understood = understand("what does CICC  say about AH premium", publishers)
    assert (understood.question, understood.language) == ("what does CICC say about AH premium", "en")
    assert understood.mentioned == ("中金公司",)
    assert understand("中金怎么看", publishers).mentioned == ("中金公司",)


def test_publishers_of_the_catalog_are_known_without_their_trade_words() -> None:
    known = ["海岳证券", "Tarnwick Securities", "Ace Research"]
    assert understand("海岳的目标是多少", publishers, known).mentioned == ("海岳证券",)
    assert understand("Tarnwick's target price", publishers, known).mentioned == ("Tarnwick Securities",)
    assert understand("a place for aces", publishers, known).mentioned == ()


@pytest.mark.parametrize("question", ["", " \n", "x" * (LONGEST + 1)])
def test_what_cannot_be_asked(question: str) -> None:
    with pytest.raises(UsageError):
        understand(question, publishers)
