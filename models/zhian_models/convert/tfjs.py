"""Reading a TensorFlow.js graph model: nodes in computing order, constants as arrays."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ConversionError

Array = NDArray[Any]

STORED = {"float32": np.float32, "int32": np.int32, "float16": np.float16}


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: `inputs` name nodes (`name` or `name:k` for its k-th output)."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    def flag(self, key: str) -> bool:
        return bool(self.attributes.get(key, {}).get("b", False))

    def number(self, key: str, default: float) -> float:
        return float(self.attributes.get(key, {}).get("f", default))

    def integers(self, key: str) -> list[int]:
        return [int(i) for i in self.attributes[key]["list"]["i"]]

    def text(self, key: str) -> str:
        """A string attribute; TF.js writes it in base64."""
        return base64.b64decode(self.attributes[key]["s"]).decode()


@dataclass(frozen=True, slots=True)
class TfGraph:
    """What a conversion needs: nodes ordered so that inputs come first, and all constants."""

    nodes: tuple[Node, ...]
    constants: Mapping[str, Array]


def read_graph(topology: bytes, weights: bytes, outputs: Sequence[str]) -> TfGraph:
    """Read `model.json` and its one weight file; keeps what `outputs` need. Raises ConversionError."""
    try:
        model = json.loads(topology)
        nodes = {n["name"]: _node(n) for n in model["modelTopology"]["node"]}
        items = [item for group in model["weightsManifest"] for item in group["weights"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ConversionError(f"not a TensorFlow.js graph model: {error!r}") from error
    return TfGraph(tuple(_ordered(nodes, outputs)), _constants(items, weights))


def _node(raw: Mapping[str, Any]) -> Node:
    inputs = tuple(i.removesuffix(":0") for i in raw.get("input", []) if not i.startswith("^"))
    return Node(raw["name"], raw["op"], inputs, raw.get("attr", {}))


def _constants(items: Sequence[Mapping[str, Any]], data: bytes) -> dict[str, Array]:
    """Constants lie one after another; quantised ones say how they are stored."""
    constants: dict[str, Array] = {}
    position = 0
    for item in items:
        stored = np.dtype(STORED[item.get("quantization", item)["dtype"]])
        count = int(np.prod(item["shape"], dtype=np.int64))
        if position + count * stored.itemsize > len(data):
            raise ConversionError(f"the weight file ends before {item['name']}")
        array = np.frombuffer(data, stored, count, position)
        position += array.nbytes
        constants[item["name"]] = array.astype(np.int64 if item["dtype"] == "int32" else np.float32).reshape(
            item["shape"]
        )
    if position != len(data):
        raise ConversionError(f"the weight file holds {len(data) - position} bytes more than its list")
    return constants


def _ordered(nodes: Mapping[str, Node], outputs: Sequence[str]) -> list[Node]:
    """Depth first from the outputs: TF.js files are not always in order. Iterative, for graphs are deep."""
    order: dict[str, Node] = {}
    stack = [(name, False) for name in reversed(outputs)]
    while stack:
        name, inputs_done = stack.pop()
        if name in order:
            continue
        if name not in nodes:
            raise ConversionError(f"the graph has no node {name!r}")
        if inputs_done:
            order[name] = nodes[name]
            continue
        stack.append((name, True))
        stack.extend((i.split(":")[0], False) for i in reversed(nodes[name].inputs))
    return list(order.values())
