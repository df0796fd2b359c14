"""A model that a browser could choke on, or that fetches from elsewhere, is refused with the reason; nothing breaks."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.siteplan import TRIANGLE, document, glb
from zhian_gateway.errors import BadInput, BadModel, TooBig
from zhian_gateway.siteplan.glb import MOST_BYTES, check

WHOLE = glb()
PNG = cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))[1].tobytes()
#: Says that it is 30,000 pixels wide and high.
BOMB = PNG[:16] + struct.pack(">II", 30_000, 30_000) + PNG[24:]


def with_picture(picture: bytes, **changes: Any) -> bytes:
    views = [*document()["bufferViews"], {"buffer": 0, "byteOffset": 36, "byteLength": len(picture)}]
    inside = {"images": [{"bufferView": 1, "mimeType": "image/png"} | changes]}
    said = document(bufferViews=views, buffers=[{"byteLength": 36 + len(picture)}], **inside)
    return glb(said, TRIANGLE + picture)


def test_a_whole_model_is_let_through() -> None:
    assert check(WHOLE) == (1, 9)
    assert check(with_picture(PNG)).meshes == 1
    assert check(glb({"asset": {"version": "2.0"}}, b"")) == (0, 0)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no GLB"),
        (b"<html>" * 20, "no GLB"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "no GLB"),
        (WHOLE[:4] + struct.pack("<I", 1) + WHOLE[8:], "version 1"),
        (WHOLE[:-1], "damaged"),
        (WHOLE + b"more", "damaged"),
        (WHOLE[:12] + struct.pack("<I", 2**31) + WHOLE[16:], "no whole document"),
        (WHOLE[:16] + b"ELSE" + WHOLE[20:], "no whole document"),
        (WHOLE.replace(b"{", b"[", 1), "cannot be read"),
        (glb([]), "no object"),  # type: ignore[arg-type]
        (glb(document(asset={"version": "1.0"})), "glTF 2"),
        (glb(document(buffers=[{"byteLength": 36, "uri": "https://example.org/b"}])), "outside of itself"),
        (glb(document(images=[{"uri": "../../etc/passwd"}])), "outside of itself"),
        (glb(document(buffers=[{"byteLength": 4000}])), "not all inside"),
        (glb(document(bufferViews=[{"buffer": 0, "byteOffset": 30, "byteLength": 36}])), "outside of its bytes"),
        (glb(document(bufferViews=[{"buffer": 3, "byteLength": 3}])), "outside of its bytes"),
        (glb(document(accessors=[{"componentType": 5126, "count": 2**40, "type": "VEC3"}])), "unfolds"),
        (glb(document(accessors=[{"count": -1, "type": "VEC3"}])), "no count"),
        (glb(document(accessors=[{"count": 1, "type": ["VEC3"]}])), "unknown type"),
        (glb(document(extensionsRequired=["KHR_draco_mesh_compression"])), "KHR_draco_mesh_compression"),
        (glb(document(nodes=[{"children": [1]}, {"children": [0]}])), "no tree"),
        (glb(document(nodes=[{"children": [0]}])), "no tree"),
        (glb(document(nodes=[{"children": [2]}, {"children": [2]}, {}])), "no tree"),
        (glb(document(nodes=[*({"children": [n + 1]} for n in range(600)), {}])), "too deep"),
        (glb(document(nodes={})), "no list"),
        (with_picture(b"GIF89a" + bytes(40)), "neither JPEG"),
        (with_picture(BOMB), "pixels"),
        (with_picture(PNG, bufferView=9), "nowhere"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BadModel, match=reason):
        check(data)


def test_a_model_is_bounded_in_bytes_and_in_its_document() -> None:
    with pytest.raises(TooBig):
        check(bytes(MOST_BYTES + 1))
    with pytest.raises(TooBig, match="document"):
        check(glb(document(extras="x" * 3_000_000)))


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_model_is_refused_or_let_through_and_breaks_nothing(at: int, noise: bytes) -> None:
    try:
        check((WHOLE[:at] + noise + WHOLE[at + len(noise) :])[: len(WHOLE)])
    except BadInput as error:
        assert str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(document())), JSON)
def test_whatever_stands_in_the_document_breaks_nothing(key: str, value: object) -> None:
    try:
        check(glb(document(**{key: value})))
    except BadInput as error:
        assert str(error)
