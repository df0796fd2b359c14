"""Conversion at pull time, for networks that registries carry only in another format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..errors import ConversionError
from .nanodet import convert_nanodet

Converter = Callable[[Mapping[str, bytes]], bytes]

CONVERTERS: Mapping[str, Converter] = MappingProxyType({"nanodet": convert_nanodet})
"""What the manifest's key `convert` may say: from the members' bytes by base name to the bytes of an ONNX file."""


def convert(kind: str, members: Mapping[str, bytes]) -> bytes:
    """The ONNX bytes made of `members`; the same members give the same bytes. Raises ConversionError."""
    if kind not in CONVERTERS:
        raise ConversionError(f"no conversion is called {kind!r}; there are: {', '.join(CONVERTERS)}")
    return CONVERTERS[kind](members)
