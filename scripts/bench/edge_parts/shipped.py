"""The networks as their packages ship them, behind the same protocol as ours, so that only the files differ."""

from __future__ import annotations

from collections.abc import Sequence

import onnxruntime
from conditioning import as_shipped
from zhian_models.runtimes.base import Runtime, SessionRuntime
from zhian_models.runtimes.onnx_runtime import OnnxSession
from zhian_models.store import Store


def open_shipped(store: Store, names: Sequence[str]) -> Runtime:
    """`names` in onnxruntime with its defaults, but for one thread: more would only add what waiting costs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return SessionRuntime({n: OnnxSession(n, as_shipped(store, store.manifest.get(n)), options) for n in names})
