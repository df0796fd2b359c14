"""What every runtime promises, and what they share: checks of the input, counting, conditioning."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import BadInput, UnknownNetwork

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class RunStats:
    """What one network has cost so far: runs, and milliseconds of wall time in all of them together."""

    runs: int = 0
    total_ms: float = 0.0

    def after(self, ms: float) -> RunStats:
        """With one more run."""
        return RunStats(self.runs + 1, self.total_ms + ms)


class Runtime(Protocol):
    """Owns the sessions of all loaded networks; one thread uses it."""

    def run(self, name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs by name, in the network's order; inputs by name, converted to float32.

        Raises UnknownNetwork for a network that was not loaded, BadInput for arrays that do not fit it.
        """
        ...

    def prepare(self, name: str, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Arrays of these shapes, by input, will come often: whatever makes their runs faster is done now.

        Raises UnknownNetwork for a network that was not loaded.
        """
        ...

    def metadata(self, name: str) -> Mapping[str, str]:
        """What the network's file says about itself (an alphabet, for example)."""
        ...

    def stats(self) -> Mapping[str, RunStats]:
        """Runs and milliseconds of every loaded network."""
        ...


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input: None is a free dimension."""

    name: str
    shape: tuple[int | None, ...]

    def accepts(self, shape: Sequence[int]) -> bool:
        """Whether an array of `shape` fits."""
        return len(shape) == len(self.shape) and all(
            want is None or want == have for want, have in zip(self.shape, shape, strict=True)
        )


class Session(ABC):
    """One loaded network."""

    inputs: tuple[InputSpec, ...]
    metadata: Mapping[str, str]

    @abstractmethod
    def run(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs of arrays that are known to fit; raises BadInput if the network finds that they do not."""

    def prepare(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """See Runtime; most have nothing to prepare."""
        del shapes


class SessionRuntime:
    """A runtime over one session a network."""

    def __init__(self, sessions: Mapping[str, Session]) -> None:
        self._sessions = dict(sessions)
        self._stats = {name: RunStats() for name in sessions}

    def run(self, name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """See Runtime."""
        session = self._session(name)
        ready = _checked(name, session.inputs, arrays)
        start = time.perf_counter()
        outputs = session.run(ready)
        self._stats[name] = self._stats[name].after((time.perf_counter() - start) * 1e3)
        return outputs

    def prepare(self, name: str, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """See Runtime."""
        session = self._session(name)
        if all(spec.name in shapes and spec.accepts(shapes[spec.name]) for spec in session.inputs):
            session.prepare(shapes)

    def metadata(self, name: str) -> Mapping[str, str]:
        """See Runtime."""
        return self._session(name).metadata

    def stats(self) -> Mapping[str, RunStats]:
        """See Runtime."""
        return MappingProxyType(dict(self._stats))

    def _session(self, name: str) -> Session:
        if name not in self._sessions:
            raise UnknownNetwork(f"{name!r} is not loaded; loaded: {', '.join(self._sessions) or 'nothing'}")
        return self._sessions[name]


def _checked(name: str, specs: Sequence[InputSpec], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays as contiguous float32, if they are the ones that the network asks for."""
    if {s.name for s in specs} != set(arrays):
        raise BadInput(f"{name}: inputs are {[s.name for s in specs]}, not {sorted(arrays)}")
    ready = {}
    for spec in specs:
        array = np.ascontiguousarray(arrays[spec.name], dtype=np.float32)
        if not spec.accepts(array.shape):
            raise BadInput(f"{name}: input {spec.name!r} has the shape {_text(spec.shape)}, not {array.shape}")
        ready[spec.name] = array
    return ready


def _text(shape: Sequence[int | None]) -> str:
    return "x".join("?" if side is None else str(side) for side in shape)
