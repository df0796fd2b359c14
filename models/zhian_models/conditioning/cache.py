"""The cache of conditioned networks: beside the originals, under the original's hash and our version."""

from __future__ import annotations

import contextlib
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError

from ..atomic import PUBLIC, write_atomically
from ..errors import ConversionError, DamagedNetwork
from ..manifest import Network
from ..store import Store, sha256_of
from .fold import fold_constants
from .passes import declare_shape, drop_unused, flush_denormals, initialisers_out_of_inputs
from .prelu import Form, rewrite_prelu

VERSION = 3
"""Raised whenever a pass changes: it is part of the cached file's name."""


def conditioned(store: Store, network: Network, form: Form = "convolutions") -> bytes:
    """The conditioned bytes of `network`, from the cache or made now; `form`: the one its runtime computes fastest.

    The original is hashed every time (a few milliseconds), so a changed one is never run: raises
    MissingNetwork or DamagedNetwork. A store that cannot be written is no obstacle.
    """
    original = store.path(network.name)
    digest = sha256_of(original)
    if digest != network.sha256:
        raise DamagedNetwork(f"{original} is not the {network.name} of the manifest: run `zhian-models pull`")
    target = cached_path(store, network, form)
    if target.is_file():
        return target.read_bytes()
    data = condition(original.read_bytes(), network, form)
    with contextlib.suppress(OSError):  # a read-only or full store only costs the time to do it again
        write_atomically(target, data, PUBLIC)
        _drop_older(target, network)
    return data


def cached_path(store: Store, network: Network, form: Form = "convolutions") -> Path:
    """Where the conditioned file lies: its name changes with the original, with `VERSION` and with `form`."""
    return store.folder / "conditioned" / f"{network.name}-{_edition(network)}-{form}.onnx"


def _edition(network: Network) -> str:
    return f"{network.sha256[:16]}-v{VERSION}"


def condition(data: bytes, network: Network, form: Form = "convolutions") -> bytes:
    """The conditioned bytes of an original's bytes; raises ConversionError for what is no ONNX file."""
    try:
        model = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise ConversionError(f"{network.name}: not an ONNX file") from error
    initialisers_out_of_inputs(model)
    fold_constants(model)
    drop_unused(model)
    flush_denormals(model)
    rewrite_prelu(model, form)
    if network.shape:
        declare_shape(model, network.shape)
    return bytes(model.SerializeToString(deterministic=True))


def _drop_older(target: Path, network: Network) -> None:
    for other in target.parent.glob(f"{network.name}-*-v*.onnx"):
        if not other.name.startswith(f"{network.name}-{_edition(network)}-"):
            other.unlink(missing_ok=True)
