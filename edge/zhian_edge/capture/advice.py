"""What to do about a camera that gives no picture: said in the node's log and by `doctor`, by its name."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from zhian_edge.config.types import Camera

#: Parts of what FFmpeg and the system say, and what is most likely wrong then.
_REFUSED: Final = ("check user, password and rights", "401", "403")
_NO_PATH: Final = ("404", "Not Found")
_NO_PORT: Final = ("refused",)
_RTSP_PORT: Final = 554


def camera_advice(camera: Camera, why: str = "") -> str:
    """What to look at next. `why`: what opening it said; "" where that is told beside it, or not known."""
    if camera.source.startswith("/dev/"):
        return "is it plugged in, does nothing else use it, and is the node's user in the group video?"
    if "://" not in camera.source:
        return "try another video, or change the camera's source"
    host, port = _host(camera.source)
    table = f'source of [[cameras]] id = "{camera.id}"'
    if any(part in why for part in _REFUSED):
        return f"the camera wants another user or password than the {table} has (@ in it is written %40)"
    if any(part in why for part in _NO_PATH):
        return f"it answers, but not under this path: see the {table}, and the camera's manual for its RTSP path"
    if any(part in why for part in _NO_PORT):
        return (
            f"{host} answers, but nothing listens at port {port}: is RTSP switched on there, and the port of {table}?"
        )
    return (
        f"`ping {host}`: no answer means power, cable or address; else see the {table}, "
        f"then `zhian-edge calibrate CONFIG --camera {camera.id}`"
    )


def _host(source: str) -> tuple[str, int]:
    parts = urlsplit(source)
    return parts.hostname or "", parts.port or _RTSP_PORT
