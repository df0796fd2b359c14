"""Rewrites of a graph that keep what it computes. Each takes a model and changes it in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

DENORMAL = 1e-20
"""Weights smaller than this are zero in effect. The float32 denormals proper start at 1.2e-38, but products
with activations get there much earlier, and a processor computes them a hundred times slower."""


def initialisers_out_of_inputs(model: Any) -> None:
    """Old exporters list every weight as an input; a runtime then may not fold or fuse it."""
    weights = {tensor.name for tensor in model.graph.initializer}
    kept = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(kept)


def drop_unused(model: Any) -> None:
    """Remove weights that no node reads."""
    read = {name for node in model.graph.node for name in node.input} | {o.name for o in model.graph.output}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in read]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)


def flush_denormals(model: Any) -> None:
    """Set weights below `DENORMAL` to zero."""
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        tiny = (np.abs(values) < DENORMAL) & (values != 0)
        if tiny.any():
            tensor.CopyFrom(numpy_helper.from_array(np.where(tiny, np.float32(0), values), tensor.name))


def declare_shape(model: Any, shape: Sequence[int | str]) -> None:
    """Give the first input the shape that its weights really allow (a name is a free dimension), and forget
    the shapes that were derived from the declared one."""
    dims = model.graph.input[0].type.tensor_type.shape.dim
    for dim, value in zip(dims, shape, strict=True):
        dim.Clear()
        if isinstance(value, str):
            dim.dim_param = value
        else:
            dim.dim_value = value
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
