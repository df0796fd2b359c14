"""Folding: what follows from weights alone is computed once, here, and not at every run."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

Array = NDArray[Any]

RANDOM = frozenset(
    {"RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial"}
)


def fold_constants(model: Any) -> None:
    """Replace every node whose inputs are all constant by its result, as initialisers."""
    known = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    kept = []
    for node in model.graph.node:
        results = _evaluate(node, known, model.opset_import) if _foldable(node, known) else {}
        if not results:
            kept.append(node)
        for name, value in results.items():
            known[name] = value
            model.graph.initializer.append(numpy_helper.from_array(value, name))
    del model.graph.node[:]
    model.graph.node.extend(kept)


def _foldable(node: Any, known: dict[str, Array]) -> bool:
    has_subgraph = any(a.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS) for a in node.attribute)
    constant = node.op_type == "Constant" or bool(node.input)
    return constant and not has_subgraph and node.op_type not in RANDOM and all(not i or i in known for i in node.input)


def _evaluate(node: Any, known: dict[str, Array], opsets: Any) -> dict[str, Array]:
    """The outputs of one node by the standard's reference implementation; none if that does not know it."""
    inputs = {name: known[name] for name in node.input if name}
    graph = helper.make_graph(
        [node],
        "folded",
        [
            helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
            for n, v in inputs.items()
        ],
        [helper.make_empty_tensor_value_info(name) for name in node.output],
    )
    try:
        values = ReferenceEvaluator(helper.make_model(graph, opset_imports=opsets)).run(None, inputs)
    except Exception:  # whatever the reference cannot compute is left to the runtime, which can
        return {}
    return {name: np.asarray(value) for name, value in zip(node.output, values, strict=True)}
