"""Building an ONNX graph node by node, with names that depend on nothing but the order."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 8


class GraphBuilder:
    """Collects nodes and weights; `finish` gives the file's bytes."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._weights: list[Any] = []

    def weight(self, value: ArrayLike, dtype: type[np.generic]) -> str:
        """Store a constant; returns its name."""
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.array(value, dtype, order="C"), name))
        return name

    def emit(self, op: str, inputs: list[str], **attributes: Any) -> str:
        """Append a node with one output; returns the output's name."""
        return self.emit_many(op, inputs, 1, **attributes)[0]

    def emit_many(self, op: str, inputs: list[str], count: int, **attributes: Any) -> list[str]:
        """Append a node with `count` outputs; returns their names."""
        index = len(self._nodes)
        outputs = [f"t{index}_{k}" if count > 1 else f"t{index}" for k in range(count)]
        self._nodes.append(helper.make_node(op, inputs, outputs, name=f"{op}_{index}", **attributes))
        return outputs

    def name_output(self, tensor: str, name: str) -> None:
        """Give a tensor the name that it has outside."""
        self._nodes.append(helper.make_node("Identity", [tensor], [name], name=name))

    def finish(self, name: str, inputs: dict[str, list[int | str]], outputs: dict[str, list[int | str]]) -> bytes:
        """The checked graph as bytes; shapes may hold names for free dimensions."""
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in inputs.items()],
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in outputs.items()],
            self._weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))
