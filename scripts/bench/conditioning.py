#!/usr/bin/env python3
"""What conditioning saves: every pulled network as shipped and conditioned, in one run, as a ratio.

    scripts/bench/conditioning.py [NAME...] [--rounds N] [--json FILE]

Both run in onnxruntime with one thread on the same input, turn by turn, so that a busy machine slows both; the
shortest processor time of each counts. `agreement` is the largest difference between their outputs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from zhian_models.conditioning import conditioned
from zhian_models.conditioning.passes import declare_shape
from zhian_models.manifest import Network
from zhian_models.runtime import example_input
from zhian_models.store import Store


def main() -> None:
    """Measure, print a table, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    store = Store()
    chosen = store.manifest.select(options.names, group="all")
    rows = [compare(store, n, options.rounds) for n in chosen if n.example and store.has(n.name)]
    print(f"{'network':16} {'as shipped':>11} {'conditioned':>11} {'ratio':>6}  agreement")
    for row in rows:
        print(
            f"{row['network']:16} {row['shipped_ms']:8.1f} ms {row['conditioned_ms']:8.1f} ms"
            f" {row['ratio']:6.2f}  {row['agreement']:.1e}"
        )
    if options.json:
        options.json.write_text(json.dumps({"bench": "conditioning", "rows": rows}, indent=1) + "\n")


def compare(store: Store, network: Network, rounds: int) -> dict[str, Any]:
    """One network, both ways."""
    sessions = [_session(as_shipped(store, network)), _session(conditioned(store, network))]
    arrays = example_input(network)
    outputs = [s.run(None, arrays) for s in sessions]
    times = [[_cpu_ms(s, arrays) for s in sessions] for _ in range(rounds)]
    shipped, ours = np.min(times, axis=0).tolist()
    return {
        "network": network.name,
        "shape": {name: list(shape) for name, shape in network.example.items()},
        "shipped_ms": shipped,
        "conditioned_ms": ours,
        "ratio": ours / shipped,
        "agreement": max(float(np.abs(a - b).max()) for a, b in zip(*outputs, strict=True)),
    }


def as_shipped(store: Store, network: Network) -> bytes:
    """The original; only a declared shape that would refuse the input is corrected."""
    model = onnx.load_model(store.path(network.name))
    if network.shape:
        declare_shape(model, network.shape)
    return bytes(model.SerializeToString())


def _session(data: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _cpu_ms(session: Any, arrays: Mapping[str, Any]) -> float:
    start = time.process_time()
    session.run(None, dict(arrays))
    return (time.process_time() - start) * 1e3


if __name__ == "__main__":
    main()
