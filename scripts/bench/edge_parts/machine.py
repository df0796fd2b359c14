"""What the figures were taken on: processor, cores, load, versions; and how fast one of its cores can be."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

PACKAGES: Final = ("onnxruntime", "openvino", "opencv-python-headless", "av", "numpy", "insightface")


def describe() -> dict[str, Any]:
    """Machine, versions, date and command of this run."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "python": sys.version.split()[0],
        "versions": {name: _version(name) for name in PACKAGES},
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": "scripts/bench/edge.py " + " ".join(sys.argv[1:]),
    }


def _processor() -> str:
    """The kernel's words: family and model tell generations apart that share a name."""
    facts: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        facts.setdefault(key.strip(), value.strip())
    bits = [extra for extra in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if extra in facts.get("flags", "")]
    family = f"family {facts.get('cpu family', '?')} model {facts.get('model', '?')}"
    return f"{facts.get('model name', 'unknown')} ({family}; {', '.join(bits) or 'no vector extensions known here'})"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def multiplies_per_second(rounds: int = 12) -> float:
    """Multiply-adds a second of one core (float32), by the best that a real kernel does here: a matrix product of
    onnxruntime, or a convolution of 1x1 or 3x3 whose planes stay in the cache."""
    side, channels, plane = 768, 256, 28
    rng = np.random.default_rng(0)
    square = rng.normal(size=(side, side)).astype(np.float32)
    planes = rng.normal(size=(1, channels, plane, plane)).astype(np.float32)
    points, kernel = (rng.normal(size=(channels, channels, k, k)).astype(np.float32) for k in (1, 3))
    trials = [
        (side**3, _session("MatMul", square), square),
        (channels**2 * plane**2, _session("Conv", points), planes),
        (9 * channels**2 * (plane - 2) ** 2, _session("Conv", kernel), planes),
    ]
    return max(
        count / min(_spent(partial(session.run, None, {"x": x})) for _ in range(rounds)) for count, session, x in trials
    )


def _session(operation: str, weights: Any) -> Any:
    """One operation between an input of any shape and constant weights, on one thread."""
    value = partial(helper.make_tensor_value_info, elem_type=TensorProto.FLOAT, shape=None)
    graph = helper.make_graph(
        [helper.make_node(operation, ["x", "w"], ["y"])],
        "one",
        [value("x")],
        [value("y")],
        [numpy_helper.from_array(weights, "w")],
    )
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def bytes_per_second(size: int = 1 << 28, rounds: int = 6) -> float:
    """Bytes a second that one core reads and writes in a copy too large for its caches."""
    source, target = np.ones(size // 4, np.float32), np.empty(size // 4, np.float32)
    return 2 * size / min(_spent(lambda: np.copyto(target, source)) for _ in range(rounds))


def _spent(work: Any) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
