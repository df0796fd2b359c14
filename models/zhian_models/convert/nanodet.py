"""NanoDet from TensorFlow.js to ONNX with a free input size.

The source is itself an export from PyTorch's layout: almost every convolution stands between a transposition
to TensorFlow's layout (NHWC) and one back. So tensors are kept in NCHW throughout and merely remember that
TensorFlow would see them as NHWC; the transpositions vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ConversionError
from .graph import GraphBuilder
from .tfjs import Node, TfGraph, read_graph

OUTPUTS = {
    "Identity": ("cls_8", 80),
    "Identity_1": ("cls_16", 80),
    "Identity_2": ("cls_32", 80),
    "Identity_3": ("reg_8", 44),
    "Identity_4": ("reg_16", 44),
    "Identity_5": ("reg_32", 44),
}
"""TensorFlow's output name -> ours (head and stride), and values a cell: 80 classes, or 4 sides of 11 bins."""

SIDE = 416
"""The source is fixed to this many pixels a side; its resizing and reshaping name sizes that follow from it."""

TO_NCHW, TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of the new graph: `channels_last` if TensorFlow sees it as NHWC; `stride` in input pixels."""

    name: str
    stride: float = 1.0
    channels_last: bool = False


def convert_nanodet(members: Mapping[str, bytes]) -> bytes:
    """`nanodet.json` and `nanodet.bin` to ONNX: `input` 1x3xHxW, outputs as `OUTPUTS` says."""
    graph = read_graph(members["nanodet.json"], members["nanodet.bin"], list(OUTPUTS))
    return _Translation(graph).finish()


class _Translation:
    """One pass over the nodes; each operation has a method."""

    def __init__(self, graph: TfGraph) -> None:
        self._constants = dict(graph.constants)
        self._tensors: dict[str, Tensor] = {}
        self._builder = GraphBuilder()
        operations = self._operations()
        for node in graph.nodes:
            if node.op == "Const":
                continue
            if node.op not in operations:
                raise ConversionError(f"no conversion for the operation {node.op} ({node.name})")
            result = operations[node.op](node)
            if result is not None:
                self._tensors[node.name] = result

    def finish(self) -> bytes:
        for source, (name, _) in OUTPUTS.items():
            self._builder.name_output(self._tensors[source].name, name)
        outputs: dict[str, list[int | str]] = {n: [1, f"cells_{n[4:]}", values] for n, values in OUTPUTS.values()}
        return self._builder.finish("nanodet", {"input": [1, 3, "h", "w"]}, outputs)

    def _operations(self) -> Mapping[str, Callable[[Node], Tensor | None]]:
        return {
            "Placeholder": lambda _: Tensor("input"),
            "SparseToDense": self._dense,
            "Identity": lambda node: self._tensors[node.inputs[0]],
            "Transpose": self._transpose,
            "Add": self._add,
            "AddV2": self._add,
            "Conv2D": self._convolve,
            "MaxPool": self._pool,
            "Pad": self._pad,
            "PadV2": self._pad,
            "LeakyRelu": self._leaky,
            "Sigmoid": lambda node: self._like("Sigmoid", node),
            "ConcatV2": self._concatenate,
            "SplitV": self._split,
            "ResizeBilinear": self._resize,
            "Reshape": self._reshape,
        }

    def _like(self, op: str, node: Node, *weights: str, **attributes: Any) -> Tensor:
        """An operation on one tensor that keeps its layout and stride."""
        source = self._tensors[node.inputs[0]]
        return replace(source, name=self._builder.emit(op, [source.name, *weights], **attributes))

    def _plain(self, name: str) -> Tensor:
        tensor = self._tensors[name]
        if tensor.channels_last:
            raise ConversionError(f"{name} is used in TensorFlow's layout, where no conversion is known")
        return tensor

    def _dense(self, node: Node) -> None:
        """Left over from an export; always constant."""
        where, shape, values, default = (self._constants[i] for i in node.inputs)
        dense = np.full(shape, default)
        dense[tuple(where.reshape(-1, dense.ndim).T)] = values
        self._constants[node.name] = dense

    def _transpose(self, node: Node) -> Tensor:
        source, order = self._tensors[node.inputs[0]], self._constants[node.inputs[1]].tolist()
        if order == TO_NHWC and not source.channels_last:
            return replace(source, channels_last=True)
        if order == TO_NCHW and source.channels_last:
            return replace(source, channels_last=False)
        return replace(source, name=self._builder.emit("Transpose", [self._plain(node.inputs[0]).name], perm=order))

    def _add(self, node: Node) -> Tensor | None:
        left, right = node.inputs
        if left in self._constants and right in self._constants:
            self._constants[node.name] = self._constants[left] + self._constants[right]
            return None
        if right in self._constants:
            bias = self._constants[right]
            return self._like("Add", node, self._builder.weight(bias.reshape(1, -1, 1, 1), np.float32))
        if self._tensors[left].channels_last != self._tensors[right].channels_last:
            raise ConversionError(f"{node.name} adds tensors of two layouts")
        return self._like("Add", node, self._tensors[right].name)

    def _convolve(self, node: Node) -> Tensor:
        source, kernel = self._tensors[node.inputs[0]], self._constants[node.inputs[1]].transpose(3, 2, 0, 1)
        strides = node.integers("strides")[1:3]
        name = self._builder.emit(
            "Conv",
            [source.name, self._builder.weight(kernel, np.float32)],
            strides=strides,
            kernel_shape=list(kernel.shape[2:]),
            auto_pad=_padding(node),
        )
        return Tensor(name, source.stride * strides[0], channels_last=True)

    def _pool(self, node: Node) -> Tensor:
        source, strides = self._tensors[node.inputs[0]], node.integers("strides")[1:3]
        name = self._builder.emit(
            "MaxPool",
            [source.name],
            strides=strides,
            kernel_shape=node.integers("ksize")[1:3],
            auto_pad=_padding(node),
        )
        return Tensor(name, source.stride * strides[0], channels_last=True)

    def _pad(self, node: Node) -> Tensor:
        self._plain(node.inputs[0])
        weights = [self._builder.weight(self._constants[node.inputs[1]].T.reshape(-1), np.int64)]
        if len(node.inputs) > 2:
            weights.append(self._builder.weight(self._constants[node.inputs[2]], np.float32))
        return self._like("Pad", node, *weights)

    def _leaky(self, node: Node) -> Tensor:
        return self._like("LeakyRelu", node, alpha=node.number("alpha", 0.2))

    def _concatenate(self, node: Node) -> Tensor:
        sources = [self._plain(i) for i in node.inputs[:-1]]
        axis = int(self._constants[node.inputs[-1]])
        return replace(sources[0], name=self._builder.emit("Concat", [s.name for s in sources], axis=axis))

    def _split(self, node: Node) -> Tensor:
        source, sizes = self._plain(node.inputs[0]), self._constants[node.inputs[1]]
        names = self._builder.emit_many(
            "Split",
            [source.name, self._builder.weight(sizes, np.int64)],
            len(sizes),
            axis=int(self._constants[node.inputs[2]]),
        )
        for k, name in enumerate(names[1:], 1):
            self._tensors[f"{node.name}:{k}"] = replace(source, name=name)
        return replace(source, name=names[0])

    def _resize(self, node: Node) -> Tensor:
        """The source names the size in pixels; the ratio of strides says the same for every input size."""
        source = self._tensors[node.inputs[0]]
        stride = SIDE / float(self._constants[node.inputs[1]][0])
        if node.flag("align_corners") or not node.flag("half_pixel_centers") or not source.channels_last:
            raise ConversionError(f"{node.name}: only resizing by half pixel centres is known")
        ratio = source.stride / stride
        scales = self._builder.weight([1, 1, ratio, ratio], np.float32)
        name = self._builder.emit("Resize", [source.name, "", scales], mode="linear")
        return Tensor(name, stride, channels_last=True)

    def _reshape(self, node: Node) -> Tensor:
        """From a map to a list of cells, whose number is left open."""
        self._plain(node.inputs[0])
        shape = np.append(self._constants[node.inputs[1]][:-1], -1)
        return self._like("Reshape", node, self._builder.weight(shape, np.int64))


def _padding(node: Node) -> str:
    return "SAME_UPPER" if node.text("padding") == "SAME" else "VALID"
