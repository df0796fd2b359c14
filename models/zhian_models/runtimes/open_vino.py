"""OpenVINO on the processor, an optional extra; bf16 where the processor computes in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import onnx

from ..conditioning import conditioned
from ..errors import BadInput, RuntimeUnavailable
from ..manifest import Precision
from ..store import Store
from .base import Array, InputSpec, Runtime, Session, SessionRuntime

SHAPES_KEPT = 16
"""A network compiled for one fixed shape runs faster than one left free; this many are kept for each."""

WORTH_COMPILING = 100
"""A shape that was met so often is compiled for. That takes 100 to 200 ms and saves 0 to 15 % of a run, .1 to 1 ms; the
free network answers the same to the last bit. Photographs of all sizes must not be compiled for one by one."""

SHAPES_COUNTED = 64
"""Shapes whose meetings are remembered."""

Shapes = tuple[tuple[int, ...], ...]


def open_open_vino(store: Store, names: Sequence[str], precision: Precision, threads: int) -> Runtime:
    """Load `names`, each in `precision` or, where only that is safe, in f32.

    Raises RuntimeUnavailable without the package, or without bf16 in the processor.
    """
    core = _core()
    if precision == "bf16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        raise RuntimeUnavailable("this processor does not compute in bf16: set the precision to f32")
    settings = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
    }
    sessions = {}
    for network in map(store.manifest.get, names):
        own = {**settings, "INFERENCE_PRECISION_HINT": network.effective(precision)}
        sessions[network.name] = OpenVinoSession(core, network.name, conditioned(store, network, "elements"), own)
    return SessionRuntime(sessions)


def _core() -> Any:
    try:
        import openvino  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise RuntimeUnavailable("OpenVINO is not installed: pip install 'zhian[openvino]'") from error
    return openvino.Core()


class OpenVinoSession(Session):
    """One network in OpenVINO: left free for shapes that come seldom, compiled for those that come often."""

    def __init__(self, core: Any, name: str, data: bytes, settings: Mapping[str, Any]) -> None:
        self._core = core
        self._data = data
        self._settings = dict(settings)
        try:
            model = core.read_model(data)
        except RuntimeError as error:
            raise RuntimeUnavailable(f"OpenVINO cannot load {name}: {error}") from error
        self.inputs = tuple(InputSpec(i.get_any_name(), tuple(map(_side, i.partial_shape))) for i in model.inputs)
        self.metadata = {p.key: p.value for p in onnx.load_model_from_string(data).metadata_props}
        self._outputs = [o.get_any_name() for o in model.outputs]
        self._model = model
        self._free: Any = None
        self._compiled: OrderedDict[Shapes, Any] = OrderedDict()
        self._met: OrderedDict[Shapes, int] = OrderedDict()

    def run(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        try:
            request = self._request(tuple(arrays[i.name].shape for i in self.inputs))
            request.infer([arrays[i.name] for i in self.inputs])
        except RuntimeError as error:
            raise BadInput(f"openvino: {error}") from error
        return {name: request.get_output_tensor(k).data.copy() for k, name in enumerate(self._outputs)}

    def prepare(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        wanted = tuple(shapes[i.name] for i in self.inputs)
        if wanted not in self._compiled:
            self._compile(wanted)

    def _request(self, shapes: Shapes) -> Any:
        """The network compiled for `shapes`, or the free one while they are too new for that."""
        if shapes in self._compiled:
            self._compiled.move_to_end(shapes)
            return self._compiled[shapes]
        if self._is_free and self._meetings(shapes) < WORTH_COMPILING:
            if self._free is None:
                self._free = self._core.compile_model(self._model, "CPU", self._settings).create_infer_request()
            return self._free
        return self._compile(shapes)

    @property
    def _is_free(self) -> bool:
        """Whether the network takes more than one shape."""
        return any(None in spec.shape for spec in self.inputs)

    def _meetings(self, shapes: Shapes) -> int:
        """How often `shapes` were met by now."""
        self._met[shapes] = self._met.pop(shapes, 0) + 1
        if len(self._met) > SHAPES_COUNTED:
            self._met.popitem(last=False)
        return self._met[shapes]

    def _compile(self, shapes: Shapes) -> Any:
        """Compiles for `shapes`; those unused for longest make room."""
        model = self._core.read_model(self._data)
        model.reshape({i.name: list(shape) for i, shape in zip(self.inputs, shapes, strict=True)})
        request = self._core.compile_model(model, "CPU", self._settings).create_infer_request()
        self._compiled[shapes] = request
        self._met.pop(shapes, None)
        if len(self._compiled) > SHAPES_KEPT:
            self._compiled.popitem(last=False)
        return request


def _side(dimension: Any) -> int | None:
    return None if dimension.is_dynamic else int(dimension.get_length())
