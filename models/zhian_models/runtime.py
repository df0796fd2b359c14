"""Running networks: one small protocol, behind which a runtime owns all sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .conditioning import conditioned
from .errors import RuntimeUnavailable
from .store import Store

Array = NDArray[Any]


class Runtime(Protocol):
    """Owns the sessions of all loaded networks; one thread uses it."""

    def run(self, name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs by name. Inputs are by name too, float32, C-contiguous or not."""
        ...


class OnnxRuntime:
    """onnxruntime on the processor: one thread, no spinning."""

    def __init__(self, store: Store, names: Sequence[str], threads: int = 1) -> None:
        import onnxruntime  # noqa: PLC0415 - costs 0.2 s, and tools that only list networks do not need it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._sessions = {
            name: onnxruntime.InferenceSession(
                conditioned(store, store.manifest.get(name)), options, providers=["CPUExecutionProvider"]
            )
            for name in names
        }
        self._outputs = {name: [o.name for o in s.get_outputs()] for name, s in self._sessions.items()}

    def run(self, name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
        inputs = {key: np.ascontiguousarray(value) for key, value in arrays.items()}
        outputs = self._sessions[name].run(None, inputs)
        return dict(zip(self._outputs[name], outputs, strict=True))


def open_runtime(
    store: Store, names: Sequence[str], *, kind: str = "onnxruntime", precision: str = "f32", threads: int = 1
) -> Runtime:
    """Load `names` from `store` into one runtime."""
    if (kind, precision) != ("onnxruntime", "f32"):
        raise RuntimeUnavailable(f"no runtime {kind} in {precision}")
    return OnnxRuntime(store, names, threads)
