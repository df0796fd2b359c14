"""The floor: multiply-adds and bytes that a network cannot do without, counted from its graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from zhian_models.conditioning import conditioned
from zhian_models.manifest import Network
from zhian_models.store import Store

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Work:
    """One run of a network at its usual size.

    Attributes:
        multiplies: multiply-adds of its convolutions and matrix products.
        weights: bytes of its weights, read once.
        planes: bytes that these operations read and write if nothing stays in a cache between them.
    """

    multiplies: int
    weights: int
    planes: int


def work_of(store: Store, network: Network) -> Work:
    """What `network` must do for its example input."""
    data = conditioned(store, network, "elements")
    model = onnx.load_model_from_string(data)
    weights = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    shapes = {**_shapes(data, network.example), **weights}
    rows = [_node(node, shapes) for node in model.graph.node]
    return Work(
        multiplies=sum(row[0] for row in rows),
        weights=sum(numpy_helper.to_array(tensor).nbytes for tensor in model.graph.initializer),
        planes=4 * sum(row[1] for row in rows),
    )


def _shapes(data: bytes, example: Mapping[str, Sequence[int]]) -> dict[str, Shape]:
    """The shapes of everything between the nodes, seen in one run: inference gives up where shapes are computed."""
    model = onnx.load_model_from_string(data)
    names = [name for node in model.graph.node for name in node.output if name]
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    values = session.run(names, {name: np.zeros(shape, np.float32) for name, shape in example.items()})
    seen = {name: tuple(value.shape) for name, value in zip(names, values, strict=True)}
    return {**{name: tuple(shape) for name, shape in example.items()}, **seen}


def _node(node: Any, shapes: Mapping[str, Shape]) -> tuple[int, int]:
    """Multiply-adds, and values read and written."""
    if node.op_type not in {"Conv", "ConvTranspose", "Gemm", "MatMul"}:
        return 0, 0
    first, second, out = (shapes.get(name, ()) for name in (node.input[0], node.input[1], node.output[0]))
    moved = prod(first) + prod(out) if first and out else 0
    if node.op_type == "Conv":
        return prod(out) * prod(second[1:]), moved
    if node.op_type == "ConvTranspose":
        return prod(first) * prod(second[1:]), moved
    inner = first[-1] if first else 0
    return prod(out) * inner, moved
