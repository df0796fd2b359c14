"""The floor: multiply-adds and bytes that a network cannot do without, counted from its graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import onnx
from onnx import numpy_helper, shape_inference
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
    model = onnx.load_model_from_string(conditioned(store, network, "elements"))
    weights = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    shapes = {**_shapes(model, network.example), **weights}
    rows = [_node(node, shapes) for node in model.graph.node]
    return Work(
        multiplies=sum(row[0] for row in rows),
        weights=sum(numpy_helper.to_array(tensor).nbytes for tensor in model.graph.initializer),
        planes=4 * sum(row[1] for row in rows),
    )


def _shapes(model: Any, example: Mapping[str, Sequence[int]]) -> dict[str, Shape]:
    """All shapes for the example input; what inference cannot say is left out."""
    for value in model.graph.input:
        dims = value.type.tensor_type.shape.dim
        for dim, side in zip(dims, example[value.name], strict=True):
            dim.Clear()
            dim.dim_value = side
    del model.graph.value_info[:]
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    graph = shape_inference.infer_shapes(model, data_prop=True).graph
    values = (*graph.input, *graph.value_info, *graph.output)
    return {v.name: tuple(d.dim_value for d in v.type.tensor_type.shape.dim) for v in values}


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
