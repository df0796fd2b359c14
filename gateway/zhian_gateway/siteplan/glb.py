"""Whether a model (glTF 2.0 in one file, GLB) may be shown: whole, self-contained, and no larger than it says.

The gateway draws nothing; it refuses what a browser would choke on, or would fetch from elsewhere. Source: Khronos,
glTF 2.0 specification, sections 3 and 4.4 (binary glTF layout).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from zhian_models.picture_size import MOST_PIXELS, pixels

from ..errors import BadModel, TooBig

MOST_BYTES: Final = 16 * 1024 * 1024
#: Of its document, which is read whole.
MOST_DOCUMENT: Final = 2 * 1024 * 1024
#: Of all accessors together: a view without bytes behind it unfolds to as many zeros as it says.
MOST_NUMBERS: Final = 4_000_000
MOST_NODES: Final = 20_000
MEDIA_TYPE: Final = "model/gltf-binary"
#: What a browser shows without code of its own for it (compressed meshes and textures need WebAssembly).
SHOWN: Final = frozenset({"KHR_mesh_quantization", "KHR_texture_transform", "KHR_lights_punctual", "EXT_texture_webp"})
_SHOWN_MATERIALS: Final = "KHR_materials_"
_JSON, _BIN = 0x4E4F534A, 0x004E4942
_SIZES: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNPACK: Final = "export it again as one file (.glb) with everything inside"
Json = Mapping[str, Any]


class Told(NamedTuple):
    """What a model says of itself."""

    meshes: int
    numbers: int


def check(data: bytes) -> Told:
    """The model can be shown.

    Raises:
        TooBig: of more bytes than `MOST_BYTES`.
        BadModel: it cannot; says why.
    """
    if len(data) > MOST_BYTES:
        raise TooBig(f"a model of {len(data)} bytes; at most {MOST_BYTES} are allowed")
    document, binary = _chunks(data)
    _version(document)
    _inside(document, len(binary))
    _tree(_list(document, "nodes"))
    _pictures(document, binary)
    return Told(len(_list(document, "meshes")), _numbers(document))


def _chunks(data: bytes) -> tuple[Json, bytes]:
    """The document and the bytes behind it."""
    if len(data) < 20 or not data.startswith(b"glTF"):
        raise BadModel("is no GLB: export the model as binary glTF (.glb)")
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise BadModel(f"is glTF of version {version}; only version 2 is shown")
    if length != len(data):
        raise BadModel(f"says that it has {length} bytes, and has {len(data)}: it is damaged")
    size, kind = struct.unpack_from("<II", data, 12)
    if kind != _JSON or size % 4 or 20 + size > len(data):
        raise BadModel("its first part is no whole document: it is damaged")
    if size > MOST_DOCUMENT:
        raise TooBig(f"a model with a document of {size} bytes; at most {MOST_DOCUMENT} are allowed: simplify it")
    return _document(data[20 : 20 + size]), _binary(data, 20 + size)


def _document(text: bytes) -> Json:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadModel("its document cannot be read: it is damaged") from error
    if not isinstance(found, dict):
        raise BadModel("its document is no object: it is damaged")
    return found


def _binary(data: bytes, start: int) -> bytes:
    """The second part; a model without buffers has none."""
    if start == len(data):
        return b""
    if start + 8 > len(data):
        raise BadModel("ends within a part: it is damaged")
    size, kind = struct.unpack_from("<II", data, start)
    if kind != _BIN or size % 4 or start + 8 + size > len(data):
        raise BadModel("its second part is not whole: it is damaged")
    return data[start + 8 : start + 8 + size]


def _version(document: Json) -> None:
    asset = document.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    if not isinstance(version, str) or not version.startswith("2."):
        raise BadModel("does not say that it is glTF 2")
    needed = document.get("extensionsRequired", [])
    if not isinstance(needed, list) or not all(isinstance(each, str) for each in needed):
        raise BadModel("its extensionsRequired is no list of names")
    strange = [each for each in needed if each not in SHOWN and not each.startswith(_SHOWN_MATERIALS)]
    if strange:
        raise BadModel(f"needs {strange[0]}, which is not shown: export it without compression")


def _list(document: Json, name: str) -> Sequence[Json]:
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadModel(f"its {name} is no list of objects")
    return found


def _whole(each: Json, name: str, default: int | None = None) -> int:
    """A number of things, or the place of one."""
    found = each.get(name, default)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise BadModel(f"its {name} is no count")
    return found


def _inside(document: Json, size: int) -> None:
    """Nothing lies elsewhere, and every view within the bytes that there are."""
    buffers = _list(document, "buffers")
    for each in (*buffers, *_list(document, "images")):
        if "uri" in each:
            raise BadModel(f"refers to something outside of itself ({str(each['uri'])[:80]!r}): {_UNPACK}")
    if len(buffers) > 1 or any(_whole(each, "byteLength") > size for each in buffers):
        raise BadModel(f"its bytes are not all inside of it: {_UNPACK}")
    for each in _list(document, "bufferViews"):
        if _whole(each, "buffer") >= len(buffers) or _whole(each, "byteOffset", 0) + _whole(each, "byteLength") > size:
            raise BadModel("one of its views lies outside of its bytes: it is damaged")


def _numbers(document: Json) -> int:
    """How many numbers a browser would make room for."""
    count = 0
    for each in _list(document, "accessors"):
        kind = each.get("type")
        if not isinstance(kind, str) or kind not in _SIZES:
            raise BadModel("one of its accessors has an unknown type")
        count += _whole(each, "count") * _SIZES[kind]
        if count > MOST_NUMBERS:
            raise BadModel(f"unfolds to more than {MOST_NUMBERS} numbers: simplify it")
    return count


def _tree(nodes: Sequence[Json]) -> None:
    """Nodes form trees: whoever follows the children comes to an end."""
    if len(nodes) > MOST_NODES:
        raise BadModel(f"has more than {MOST_NODES} nodes: simplify it")
    parents: dict[int, int] = {}
    for number, node in enumerate(nodes):
        children = node.get("children", [])
        if not isinstance(children, list):
            raise BadModel("its children is no list")
        for child in children:
            if not isinstance(child, int) or not 0 <= child < len(nodes) or child in parents:
                raise BadModel("its nodes are no tree: it is damaged")
            parents[child] = number
    _ends(parents, len(nodes))


def _ends(parents: Mapping[int, int], count: int) -> None:
    """Every way up ends at a root, none of them deeper than a browser's stack."""
    depth: dict[int, int] = {}
    for start in range(count):
        way: list[int] = []
        here = start
        while here in parents and here not in depth and len(way) <= count:
            way.append(here)
            here = parents[here]
        for steps, node in enumerate(reversed(way), depth.get(here, 0) + 1):
            depth[node] = steps
        if len(way) > count or depth.get(start, 0) > 500:
            raise BadModel("its nodes are no tree, or one that is too deep")


def _pictures(document: Json, binary: bytes) -> None:
    """Pictures inside unfold to no more than any other picture may."""
    views, total = _list(document, "bufferViews"), 0
    for each in _list(document, "images"):
        place = _whole(each, "bufferView")
        if place >= len(views):
            raise BadModel("one of its pictures is nowhere: it is damaged")
        start = _whole(views[place], "byteOffset", 0)
        found = pixels(binary[start : start + _whole(views[place], "byteLength")])
        if found is None:
            raise BadModel("one of its pictures is neither JPEG, PNG nor WebP")
        total += found
    if total > MOST_PIXELS:
        raise BadModel(f"its pictures have more than {MOST_PIXELS} pixels: make them smaller")
