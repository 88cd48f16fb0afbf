"""BERT weights to an ONNX graph whose large matrix products are made in 8-bit integers.

Weights are quantised symmetrically, one scale for each output column; activations dynamically, one scale for each product
(the scheme of Jacob et al. 2018, "Quantization and Training of Neural Networks"). Everything between the products stays in
float32. The word embeddings are 8 bit with a scale for each word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_MICROSOFT = "com.microsoft"  # operators that onnxruntime has beside the standard ones
_EPSILON = 1e-12
_LARGEST = 127.0

Tensors = Mapping[str, NDArray[np.float32]]


def build_graph(tensors: Tensors, *, layers: int, heads: int) -> onnx.ModelProto:
    """Tensors by their names in a BertModel to a model: `ids` int64 (1, length) of a text to their mean state (1, hidden)."""
    graph = _Graph()
    states = _embeddings(graph, tensors)
    for layer in range(layers):
        states = _layer(graph, tensors, f"encoder.layer.{layer}.", states, heads)
    graph.nodes.append(helper.make_node("ReduceMean", [states], ["mean"], axes=[1], keepdims=0))
    hidden = tensors["embeddings.LayerNorm.weight"].shape[0]
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, hidden])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)])
    model.ir_version = 8
    return model


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: Sequence[str], *, domain: str = "", outputs: int = 1, **how: Any) -> list[str]:
        names = [f"{kind}.{len(self.nodes)}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **how))
        return names

    def product(self, states: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """states times the transposed weight, plus bias."""
        whole, scale = _quantised(weight.T, axis=0)
        inputs = [
            states,
            self.constant(f"{name}.whole", whole),
            self.constant(f"{name}.scale", scale[0]),
            self.constant(f"{name}.zero", np.zeros(scale.shape[1], np.int8)),
            self.constant(f"{name}.bias", bias),
        ]
        return self.add("DynamicQuantizeMatMul", inputs, domain=_MICROSOFT)[0]

    def normalised(self, states: str, name: str, tensors: Tensors) -> str:
        inputs = [states, *(self.constant(f"{name}.{part}", tensors[f"{name}.{part}"]) for part in ("weight", "bias"))]
        return self.add("LayerNormalization", inputs, axis=-1, epsilon=_EPSILON)[0]


def _embeddings(graph: _Graph, tensors: Tensors) -> str:
    """Word, position and the first token type, added and normalised."""
    whole, scale = _quantised(tensors["embeddings.word_embeddings.weight"], axis=1)
    words = graph.add("Gather", [graph.constant("words.whole", whole), "ids"], axis=0)
    scales = graph.add("Gather", [graph.constant("words.scale", scale), "ids"], axis=0)
    words = graph.add("Mul", [graph.add("Cast", words, to=TensorProto.FLOAT)[0], scales[0]])
    places = tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
    first, one = (graph.constant(f"int.{n}", np.array([n], np.int64)) for n in (0, 1))
    length = graph.add("Gather", [graph.add("Shape", ["ids"])[0], one], axis=0)
    held = graph.add("Slice", [graph.constant("places", places.astype(np.float32)), first, length[0], first])
    return graph.normalised(graph.add("Add", [words[0], held[0]])[0], "embeddings.LayerNorm", tensors)


def _layer(graph: _Graph, tensors: Tensors, prefix: str, states: str, heads: int) -> str:
    def linear(source: str, name: str) -> str:
        return graph.product(source, prefix + name, tensors[f"{prefix}{name}.weight"], tensors[f"{prefix}{name}.bias"])

    def joined(made: str, source: str, name: str) -> str:
        return graph.normalised(graph.add("Add", [made, source])[0], prefix + name, tensors)

    parts = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
    weight, bias = (np.concatenate([tensors[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias"))
    sizes = graph.constant(f"{prefix}sizes", np.full(3, bias.size // 3, np.int64))
    split = graph.add("Split", [graph.product(states, f"{prefix}qkv", weight, bias), sizes], outputs=3, axis=-1)
    seen = graph.add("MultiHeadAttention", split, domain=_MICROSOFT, num_heads=heads)
    states = joined(linear(seen[0], "attention.output.dense"), states, "attention.output.LayerNorm")
    inner = graph.add("Gelu", [linear(states, "intermediate.dense")], domain=_MICROSOFT)
    return joined(linear(inner[0], "output.dense"), states, "output.LayerNorm")


def _quantised(values: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers in [-127, 127] and their scales, which have length 1 along `axis`."""
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-12).astype(np.float32) / np.float32(_LARGEST)
    return np.rint(values / scale).astype(np.int8), scale
