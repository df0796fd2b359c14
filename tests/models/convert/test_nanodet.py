"""A TensorFlow.js graph becomes the same function in ONNX, and always the same bytes."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from zhian_models.convert import convert, nanodet
from zhian_models.convert.tfjs import read_graph
from zhian_models.errors import ConversionError

Array = NDArray[Any]

PADDING = {"s": base64.b64encode(b"VALID").decode()}


class Builder:
    """Writes a small graph model as TensorFlow.js does: quantised weights, NHWC around convolutions."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.items: list[dict[str, Any]] = []
        self.data = b""

    def const(self, name: str, value: Array, *, half: bool = False) -> str:
        item: dict[str, Any] = {"name": name, "shape": list(value.shape)}
        item["dtype"] = "int32" if value.dtype.kind == "i" else "float32"
        if half:
            item["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
        stored = np.float16 if half else np.int32 if value.dtype.kind == "i" else np.float32
        self.data += value.astype(stored).tobytes()
        self.items.append(item)
        return self.node("Const", name)

    def node(self, op: str, name: str, *inputs: str, **attributes: Any) -> str:
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": attributes})
        return name

    def members(self) -> dict[str, bytes]:
        topology = {"modelTopology": {"node": self.nodes[::-1]}, "weightsManifest": [{"weights": self.items}]}
        return {"nanodet.json": json.dumps(topology).encode(), "nanodet.bin": self.data}


@pytest.fixture
def kernel() -> Array:
    return np.random.default_rng(0).normal(size=(1, 1, 3, 5)).astype(np.float16).astype(np.float32)


def small_graph(kernel: Array) -> Builder:
    """Half the input's size by convolution and bias, back to 208 by resizing, then cells: one output for all six."""
    b = Builder()
    b.node("Placeholder", "image")
    b.const("nhwc", np.array([0, 2, 3, 1]))
    b.const("nchw", np.array([0, 3, 1, 2]))
    b.const("kernel", kernel, half=True)
    b.const("bias", np.arange(5, dtype=np.float32))
    b.const("size", np.array([208, 208]))
    b.const("cells", np.array([1, 5, 43264]))
    b.const("cells_last", np.array([0, 2, 1]))
    b.node("Transpose", "a", "image", "nhwc")
    stride = {"list": {"i": ["1", "2", "2", "1"]}}
    b.node("Conv2D", "b", "a", "kernel", strides=stride, padding=PADDING)
    b.node("Add", "c", "b:0", "bias")
    b.node("ResizeBilinear", "d", "c", "size", half_pixel_centers={"b": True}, align_corners={"b": False})
    b.node("Transpose", "e", "d", "nchw")
    b.node("LeakyRelu", "f", "e", alpha={"f": 0.1})
    b.node("Reshape", "g", "f", "cells")
    b.node("Transpose", "h", "g", "cells_last")
    for name in nanodet.OUTPUTS:
        b.node("Identity", name, "h", "^f")
    return b


def run(data: bytes, image: Array) -> list[Array]:
    return list(onnxruntime.InferenceSession(data).run(None, {"input": image}))


@pytest.mark.parametrize("size", [(416, 416), (64, 96)])
def test_the_converted_graph_computes_the_same_for_every_input_size(kernel: Array, size: tuple[int, int]) -> None:
    image = np.random.default_rng(1).normal(size=(1, 3, *size)).astype(np.float32)
    outputs = run(convert("nanodet", small_graph(kernel).members()), image)
    sampled = image[:, :, ::2, ::2].transpose(0, 2, 3, 1) @ kernel[0, 0] + np.arange(5)
    expected = np.where(sampled > 0, sampled, 0.1 * sampled).reshape(1, -1, 5)
    assert len(outputs) == len(nanodet.OUTPUTS)
    np.testing.assert_allclose(outputs[0], expected, atol=1e-4)


def test_the_same_source_gives_the_same_bytes(kernel: Array) -> None:
    assert convert("nanodet", small_graph(kernel).members()) == convert("nanodet", small_graph(kernel).members())


def test_layouts_vanish(kernel: Array) -> None:
    import onnx  # noqa: PLC0415

    model = onnx.load_model_from_string(convert("nanodet", small_graph(kernel).members()))
    assert [n.op_type for n in model.graph.node].count("Transpose") == 1, "only the one that orders the cells"


def test_an_unknown_operation_is_named(kernel: Array) -> None:
    graph = small_graph(kernel)
    graph.nodes[-1]["op"] = "Einsum"
    with pytest.raises(ConversionError, match=r"no conversion for the operation Einsum \(Identity_5\)"):
        convert("nanodet", graph.members())


@pytest.mark.parametrize(("cut", "says"), [(-1, "ends before"), (None, "bytes more than its list")])
def test_weights_of_another_length_are_refused(kernel: Array, cut: int | None, says: str) -> None:
    members = small_graph(kernel).members()
    members["nanodet.bin"] = members["nanodet.bin"][:cut] if cut else members["nanodet.bin"] + b"\0\0"
    with pytest.raises(ConversionError, match=says):
        convert("nanodet", members)


def test_what_is_no_graph_model_is_refused() -> None:
    with pytest.raises(ConversionError, match="not a TensorFlow"):
        read_graph(b"{}", b"", ["Identity"])
    with pytest.raises(ConversionError, match="no conversion is called 'caffe'"):
        convert("caffe", {})


def test_a_graph_without_the_wanted_output_is_refused(kernel: Array) -> None:
    graph = small_graph(kernel)
    graph.nodes.pop()
    with pytest.raises(ConversionError, match="no node 'Identity_5'"):
        convert("nanodet", graph.members())
