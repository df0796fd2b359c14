"""Whether something disciplines this machine's clock (NTP, PTP, GNSS), by the kernel's own word."""

from __future__ import annotations

import ctypes
import struct
from typing import Final

_STA_UNSYNC: Final = 0x0040  # linux/timex.h


def is_synchronised() -> bool:
    """`adjtimex(2)` asked without changing anything; its `status` follows five longs (man 2 adjtimex)."""
    timex = ctypes.create_string_buffer(256)
    try:
        answer: int = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    except (OSError, AttributeError):
        return False
    status: int = struct.unpack_from("@i", timex.raw, struct.calcsize("@illll"))[0]
    return answer >= 0 and not status & _STA_UNSYNC
