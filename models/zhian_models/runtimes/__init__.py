"""The runtimes that there are, by the name that configurations use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from ..manifest import Precision
from ..store import Store
from .base import Runtime
from .onnx_runtime import open_onnx_runtime
from .open_vino import open_open_vino

Opener = Callable[[Store, Sequence[str], Precision, int], Runtime]

RUNTIMES: Mapping[str, Opener] = MappingProxyType({"onnxruntime": open_onnx_runtime, "openvino": open_open_vino})

__all__ = ["RUNTIMES", "Opener", "Runtime"]
