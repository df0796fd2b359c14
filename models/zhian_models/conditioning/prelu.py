"""PRelu as Relu(x) + slope * Min(x, 0): the same numbers from operations that runtimes compute with vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import helper, numpy_helper

ZERO = "zhian_zero"


def rewrite_prelu(model: Any) -> None:
    """Replace every PRelu; a graph without one stays as it is."""
    if not any(node.op_type == "PRelu" for node in model.graph.node):
        return
    nodes = []
    for node in model.graph.node:
        nodes.extend(_rewritten(node) if node.op_type == "PRelu" else [node])
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.append(numpy_helper.from_array(np.array(0, np.float32), ZERO))


def _rewritten(node: Any) -> list[Any]:
    (x, slope), (y,) = node.input, node.output
    return [
        helper.make_node("Relu", [x], [f"{y}/positive"]),
        helper.make_node("Min", [x, ZERO], [f"{y}/below"]),
        helper.make_node("Mul", [f"{y}/below", slope], [f"{y}/negative"]),
        helper.make_node("Add", [f"{y}/positive", f"{y}/negative"], [y]),
    ]
