"""Running networks: one small protocol, behind which a runtime owns all sessions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .errors import RuntimeUnavailable
from .manifest import Network, Precision
from .runtimes import RUNTIMES
from .runtimes.base import Array, RunStats, Runtime
from .store import Store

__all__ = ["RunStats", "Runtime", "Timing", "fastest", "measure", "open_runtime"]


def open_runtime(
    store: Store,
    names: Sequence[str],
    *,
    kind: str = "onnxruntime",
    precision: Precision = "f32",
    threads: int = 1,
) -> Runtime:
    """Load `names` from `store`, conditioned, into one runtime.

    Raises MissingNetwork for what is not pulled, DamagedNetwork for what is not what the manifest pins,
    RuntimeUnavailable for a runtime or a precision that this machine does not have.
    """
    if kind not in RUNTIMES:
        raise RuntimeUnavailable(f"no runtime is called {kind!r}; there are: {', '.join(RUNTIMES)}")
    return RUNTIMES[kind](store, names, precision, threads)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one runtime took for one network: `ms` is the shortest wall time, or `error` says why not."""

    kind: str
    precision: Precision
    network: str
    ms: float | None
    error: str = ""


def measure(
    store: Store, names: Sequence[str], *, precision: Precision = "f32", threads: int = 1, rounds: int = 5
) -> list[Timing]:
    """Time `names` in every runtime of one precision, on an example of each network's usual size.

    A precision is never chosen by speed: templates and texts depend on it. A runtime that is not there is a
    row with its error; a network whose manifest entry names no example has no row.
    """
    timings: list[Timing] = []
    for kind in RUNTIMES:
        try:
            runtime = open_runtime(store, names, kind=kind, precision=precision, threads=threads)
        except RuntimeUnavailable as error:
            timings.extend(Timing(kind, precision, name, None, str(error)) for name in names)
            continue
        for network in (n for n in map(store.manifest.get, names) if n.example):
            timings.append(Timing(kind, precision, network.name, _shortest(runtime, network, rounds)))
    return timings


def fastest(timings: Sequence[Timing]) -> str:
    """The runtime with the least time for all networks together; raises RuntimeUnavailable if none ran all."""
    kinds = {t.kind: [u.ms for u in timings if u.kind == t.kind] for t in timings}
    totals = {kind: sum(ms for ms in row if ms is not None) for kind, row in kinds.items() if None not in row}
    if not totals:
        raise RuntimeUnavailable("no runtime could run the networks: " + "; ".join(t.error for t in timings if t.error))
    return min(totals, key=lambda kind: totals[kind])


def _shortest(runtime: Runtime, network: Network, rounds: int) -> float:
    arrays = example_input(network)
    runtime.run(network.name, arrays)  # the first run allocates
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        runtime.run(network.name, arrays)
        times.append((time.perf_counter() - start) * 1e3)
    return min(times)


def example_input(network: Network) -> dict[str, Array]:
    """Noise of the network's usual size and range, the same every time."""
    rng = np.random.default_rng(0)
    return {
        name: rng.uniform(*network.range, tuple(shape)).astype(np.float32) for name, shape in network.example.items()
    }
