"""What a packet shows without being decoded: its size, whether it is a key frame, and how its first slice is coded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import av
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from zhian_edge.capture.waking import PacketFacts

#: So far from a packet's begin its first slice is sought; what stands before it (SEI, AUD) is short.
_LOOK = 512
#: What `_h264` gives for P and B slices.
_H264_INTER = range(2, 6)
#: What `_hevc` gives begins here.
_HEVC = 32

Sort = Callable[["av.Packet[VideoStream]"], int]


def facts_of(packet: av.Packet[VideoStream], sort: Sort) -> PacketFacts:
    """The facts of `packet`; `sort` is its stream's (`sort_for`)."""
    kind = sort(packet)
    # Where pictures are refreshed bit by bit, FFmpeg calls a P slice a key frame from which decoding recovers in time.
    key = packet.is_keyframe and kind not in _H264_INTER
    return PacketFacts(packet.size, key, 0 if key else kind)


def sort_for(codec: VideoCodecContext) -> Sort:
    """How packets of this stream are sorted: by slice type and use as reference where the coding is known."""
    header = bytes(codec.extradata or b"")
    # ISO/IEC 14496-15: units with their length before them, else with start codes (Annex B).
    if codec.name == "h264":
        width = (header[4] & 3) + 1 if len(header) > 4 and header[0] == 1 else 0
        return lambda packet: next(filter(None, map(_h264, _units(packet, width))), 0)
    if codec.name == "hevc":
        width = (header[21] & 3) + 1 if len(header) > 21 and header[0] == 1 else 0
        return lambda packet: next(filter(None, map(_hevc, _units(packet, width))), 0)
    return lambda packet: int(packet.is_disposable)


def _units(packet: av.Packet[VideoStream], width: int) -> Iterator[bytes]:
    """The begins of the packet's units, without what marks them; `width`: bytes of the length, 0 for start codes."""
    view, at = memoryview(packet), 0
    if not width:
        yield from bytes(view[:_LOOK]).split(b"\0\0\1")[1:]
        return
    while at + width < len(view):
        length = int.from_bytes(view[at : at + width], "big")
        yield bytes(view[at + width : at + width + 16])
        at += width + length


def _h264(unit: bytes) -> int:
    """Slice type and whether it is a reference, 0 for what is no slice (ITU-T H.264, 7.3.1 and 7.3.3)."""
    if len(unit) < 2 or unit[0] & 31 not in {1, 2, 5}:
        return 0
    bits = int.from_bytes(unit[1:16].ljust(15, b"\0"), "big")
    _first_macroblock, left = _exp_golomb(bits, 120)
    slice_type, _ = _exp_golomb(bits, left)
    return 2 + (slice_type % 5) * 2 + bool(unit[0] >> 5 & 3)


def _hevc(unit: bytes) -> int:
    """Unit type and temporal layer, 0 for what is no slice (ITU-T H.265, 7.3.1.2)."""
    if len(unit) < 2 or (kind := unit[0] >> 1 & 63) >= 32:
        return 0
    return _HEVC + kind * 8 + (unit[1] & 7)


def _exp_golomb(bits: int, left: int) -> tuple[int, int]:
    """The number that begins `left` bits from the right, and how many bits are left after it (H.264, 9.1)."""
    rest = bits & ((1 << left) - 1)
    zeros = left - rest.bit_length()
    length = 2 * zeros + 1
    if length > left:
        return 0, 0
    return (rest >> (left - length)) - 1, left - length
