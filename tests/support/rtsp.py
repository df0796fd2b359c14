"""A real RTSP server in another process, which can be killed, frozen and started again on the same port."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Final

import pytest

DEBIAN_PYTHON: Final = "/usr/bin/python3"
"""Debian's own, which has GStreamer's bindings."""

_CHECK: Final = (
    "import gi; gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0');"
    "from gi.repository import Gst; Gst.init(None);"
    "assert all(map(Gst.ElementFactory.find, ['videotestsrc', 'x264enc', 'rtph264pay']))"
)


class RtspServer:
    """The server of `rtsp_server.py`, running from the start."""

    def __init__(self, *credentials: str) -> None:
        self._credentials = credentials
        self.port = 0
        self.start()

    @property
    def address(self) -> str:
        """As configurations name it."""
        return f"rtsp://127.0.0.1:{self.port}/gate"

    def start(self) -> None:
        """Start it, on the port that it had before."""
        command = [DEBIAN_PYTHON, str(Path(__file__).with_name("rtsp_server.py")), str(self.port), *self._credentials]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def freeze(self) -> None:
        """It keeps its connections and sends nothing more."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._process.send_signal(signal.SIGCONT)

    def cover(self) -> None:
        """Somebody holds a sheet before the lens: pictures go on, of one colour."""
        self._process.send_signal(signal.SIGUSR1)

    def uncover(self) -> None:
        """The sheet is taken away."""
        self._process.send_signal(signal.SIGUSR2)

    def kill(self) -> None:
        """It is gone without a word."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def require_rtsp() -> None:
    """Skip where Debian's packages are missing; in CI nothing may be missing."""
    if not subprocess.run([DEBIAN_PYTHON, "-c", _CHECK], capture_output=True, check=False).returncode:
        return
    missing = "needs Debian's gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-{base,good,ugly}"
    pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
