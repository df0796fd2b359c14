"""The cache of conditioned networks: beside the originals, under the original's hash and our version."""

from __future__ import annotations

from pathlib import Path

import onnx

from ..atomic import write_atomically
from ..manifest import Network
from ..store import Store, sha256_of
from .passes import declare_shape, drop_unused, flush_denormals, initialisers_out_of_inputs

VERSION = 1
"""Raised whenever a pass changes: it is part of the cached file's name."""


def conditioned(store: Store, network: Network) -> Path:
    """The conditioned file of `network`, made if it is not there yet."""
    original = store.path(network.name)
    target = store.folder / "conditioned" / f"{network.name}-{sha256_of(original)[:16]}-v{VERSION}.onnx"
    if not target.is_file():
        write_atomically(target, condition(original.read_bytes(), network))
    return target


def condition(data: bytes, network: Network) -> bytes:
    """The conditioned bytes of an original's bytes."""
    model = onnx.load_model_from_string(data)
    initialisers_out_of_inputs(model)
    drop_unused(model)
    flush_denormals(model)
    if network.shape:
        declare_shape(model, network.shape)
    return bytes(model.SerializeToString(deterministic=True))
