"""A real RTSP server as another process: GStreamer's, run by Debian's own Python, which has its bindings.

Usage: rtsp_server.py PORT [USER PASSWORD]; prints the port it listens on (PORT 0: any) and serves a
moving test picture as H.264 at /gate; the same picture, by the clock on the wall, large at /full and small at /sub.
SIGUSR1 covers the lens of /gate: its picture is of one colour; SIGUSR2 takes the cover away.
"""

from __future__ import annotations

import signal
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

_PICTURE = "videotestsrc name=lens is-live=true pattern=ball ! video/x-raw,width=160,height=120,framerate=25/1"
_BALL = "videotestsrc is-live=true pattern=ball animation-mode=wall-time ! video/x-raw,framerate=25/1"
_CODED = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 pt=96"
STREAMS = {
    "/gate": _PICTURE,
    "/full": f"{_BALL},width=640,height=480",
    "/sub": f"{_BALL},width=640,height=480 ! videoscale ! video/x-raw,width=160,height=120",
}


LENSES: list[Gst.Element] = []


def see(lens: Gst.Element | None) -> None:
    if lens is not None:
        LENSES[:] = [lens]


def mount(server: GstRtspServer.RTSPServer, path: str, picture: str, guarded: bool) -> None:
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {picture} ! {_CODED} )")
    factory.set_shared(True)
    factory.connect("media-configure", lambda _factory, media: see(media.get_element().get_by_name("lens")))
    if guarded:
        allowed = GstRtspServer.RTSPPermissions()
        for right in ("media.factory.access", "media.factory.construct"):
            allowed.add_permission_for_role("viewer", right, True)
        factory.set_permissions(allowed)
    server.get_mount_points().add_factory(path, factory)


def show(lenses: list[Gst.Element], pattern: str) -> bool:
    for lens in lenses:
        lens.set_property("pattern", pattern)
    return True


def guard(server: GstRtspServer.RTSPServer, user: str, password: str) -> None:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)


def main() -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(sys.argv[1])
    guarded = len(sys.argv) > 3
    if guarded:
        guard(server, sys.argv[2], sys.argv[3])
    for path, picture in STREAMS.items():
        mount(server, path, picture, guarded)
    if not server.attach(None):
        sys.exit("port taken")
    for number, pattern in ((signal.SIGUSR1, "white"), (signal.SIGUSR2, "ball")):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, show, LENSES, pattern)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main()
