"""onnxruntime on the processor: one thread a session by default, no spinning, one node after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import onnxruntime

from ..conditioning import conditioned
from ..errors import BadInput, RuntimeUnavailable
from ..manifest import Precision
from ..store import Store
from .base import Array, InputSpec, Runtime, Session, SessionRuntime

LOG_ERRORS = 3
"""onnxruntime's severity: its warnings about a graph's style are of no use to a guard."""


def open_onnx_runtime(store: Store, names: Sequence[str], precision: Precision, threads: int) -> Runtime:
    """Load `names`; onnxruntime's processor kernels know f32 alone."""
    if precision != "f32":
        raise RuntimeUnavailable(f"onnxruntime computes in f32 here, not in {precision}: choose openvino for that")
    options = _options(threads)
    return SessionRuntime({n: OnnxSession(n, conditioned(store, store.manifest.get(n)), options) for n in names})


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = LOG_ERRORS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


class OnnxSession(Session):
    """One network in onnxruntime."""

    def __init__(self, name: str, data: bytes, options: Any) -> None:
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions have no base of their own
            raise RuntimeUnavailable(f"onnxruntime {onnxruntime.__version__} cannot load {name}: {error}") from error
        self.inputs = tuple(InputSpec(i.name, tuple(map(_side, i.shape))) for i in self._session.get_inputs())
        self.metadata = dict(self._session.get_modelmeta().custom_metadata_map)
        self._outputs = [o.name for o in self._session.get_outputs()]

    def run(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        try:
            values = self._session.run(None, dict(arrays))
        except Exception as error:  # onnxruntime's exceptions have no base of their own
            raise BadInput(f"onnxruntime: {error}") from error
        return dict(zip(self._outputs, values, strict=True))


def _side(value: object) -> int | None:
    """A free dimension is a name, or nothing, or negative."""
    return value if isinstance(value, int) and value > 0 else None
