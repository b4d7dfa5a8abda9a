"""The sentence encoder all-MiniLM-L6-v2 as an int8 ONNX file, written from its published weights.

The graph is BERT (Devlin et al., 2018) with 6 layers, 12 heads and 384 dimensions, followed by
mean pooling over real tokens and L2 normalisation, so that its output is compared by dot product.
Run as a module it builds the file in a process of its own:
`python -m rag.minilm_graph WEIGHTS.safetensors MODEL.onnx`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

LAYERS, HEADS, WIDTH = 6, 12, 384
LAYER_NORM_EPSILON = 1e-12
OPSET = 17

Weights = dict[str, NDArray[np.float32]]


def build(weights: Path, target: Path) -> None:
    """Write the int8 model to `target`, whole or not at all."""
    graph = float_model(load_file(weights))
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        plain, small = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        onnx.save(graph, plain)
        quantize_dynamic(
            plain,
            small,
            per_channel=True,
            reduce_range=True,  # exact on processors without VNNI too
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )
        os.replace(small, target)


def float_model(weights: Weights) -> onnx.ModelProto:
    """The encoder in float32: `ids`, `mask` int64 [batch, tokens] → `vector` [batch, 384]."""
    graph = _Graph(weights)
    hidden = graph.embed()
    for layer in range(LAYERS):
        hidden = graph.layer(hidden, f"encoder.layer.{layer}.")
    graph.pool(hidden)
    tokens = ["batch", "tokens"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, tokens),
                helper.make_tensor_value_info("mask", TensorProto.INT64, tokens),
            ],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", WIDTH])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=9,
    )
    onnx.checker.check_model(model)
    return model


class _Graph:
    """Collects nodes and constants; each method appends operators and returns its output's name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._count = 0

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        self._count += 1
        name = output or f"{kind.lower()}_{self._count}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [name], f"n{self._count}", **attributes)
        )
        return name

    def constant(self, value: object, kind: type = np.float32) -> str:
        self._count += 1
        name = f"c{self._count}"
        self.constants.append(
            numpy_helper.from_array(np.ascontiguousarray(np.asarray(value, kind)), name)
        )
        return name

    def embed(self) -> str:
        table = self.weights
        words = self.op("Gather", self.constant(table["embeddings.word_embeddings.weight"]), "ids")
        # Every text is one segment, so the segment embedding is part of each position's.
        places = self.constant(
            table["embeddings.position_embeddings.weight"]
            + table["embeddings.token_type_embeddings.weight"][0]
        )
        shape = self.op("Shape", "ids", start=1, end=2)
        first = self.constant([0], np.int64)
        positions = self.op("Slice", places, first, shape, first)
        return self.norm(self.op("Add", words, positions), "embeddings.LayerNorm")

    def layer(self, hidden: str, prefix: str) -> str:
        attended = self.attend(hidden, prefix + "attention.")
        hidden = self.norm(self.op("Add", hidden, attended), prefix + "attention.output.LayerNorm")
        wide = self.gelu(self.dense(hidden, prefix + "intermediate.dense"))
        narrow = self.dense(wide, prefix + "output.dense")
        return self.norm(self.op("Add", hidden, narrow), prefix + "output.LayerNorm")

    def attend(self, hidden: str, prefix: str) -> str:
        query, key, value = (
            self.heads(self.dense(hidden, f"{prefix}self.{part}"))
            for part in ("query", "key", "value")
        )
        scale = self.constant((WIDTH // HEADS) ** -0.5)
        scores = self.op("MatMul", query, self.op("Transpose", key, perm=[0, 1, 3, 2]))
        scores = self.op("Add", self.op("Mul", scores, scale), self.mask())
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), value)
        mixed = self.op("Transpose", mixed, perm=[0, 2, 1, 3])
        mixed = self.op("Reshape", mixed, self.constant([0, 0, WIDTH], np.int64))
        return self.dense(mixed, prefix + "output.dense")

    def heads(self, hidden: str) -> str:
        split = self.constant([0, 0, HEADS, WIDTH // HEADS], np.int64)
        return self.op("Transpose", self.op("Reshape", hidden, split), perm=[0, 2, 1, 3])

    def mask(self) -> str:
        """0 where there is a token, a very negative number where there is padding."""
        real = self.op("Cast", "mask", to=TensorProto.FLOAT)
        real = self.op("Unsqueeze", real, self.constant([1, 2], np.int64))
        absent = self.op("Sub", self.constant(1.0), real)
        return self.op("Mul", absent, self.constant(-1e9))

    def pool(self, hidden: str) -> None:
        real = self.op("Cast", "mask", to=TensorProto.FLOAT)
        real = self.op("Unsqueeze", real, self.constant([2], np.int64))
        axis = self.constant([1], np.int64)
        total = self.op("ReduceSum", self.op("Mul", hidden, real), axis, keepdims=0)
        count = self.op("ReduceSum", real, axis, keepdims=0)
        mean = self.op("Div", total, count)
        length = self.op("ReduceL2", mean, axes=[1], keepdims=1)
        self.op("Div", mean, length, output="vector")

    def dense(self, hidden: str, name: str) -> str:
        product = self.op("MatMul", hidden, self.constant(self.weights[name + ".weight"].T))
        return self.op("Add", product, self.constant(self.weights[name + ".bias"]))

    def norm(self, hidden: str, name: str) -> str:
        return self.op(
            "LayerNormalization",
            hidden,
            self.constant(self.weights[name + ".weight"]),
            self.constant(self.weights[name + ".bias"]),
            axis=-1,
            epsilon=LAYER_NORM_EPSILON,
        )

    def gelu(self, hidden: str) -> str:
        bent = self.op("Erf", self.op("Mul", hidden, self.constant(2**-0.5)))
        grown = self.op("Add", bent, self.constant(1.0))
        return self.op("Mul", self.op("Mul", hidden, grown), self.constant(0.5))


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
