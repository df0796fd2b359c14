"""pcscd with vsmartcard's virtual reader, from Debian, and a card of ours on it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from contract.talking import Obeying
from support.ports import free_port
from support.waiting import eventually
from zhian_edge.config.readers import PcscReader
from zhian_edge.hal.contracts import CardReader

VPCD: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PCSCD: Final = Path("/usr/sbin/pcscd")
#: Fixed in pcscd: there is one on a machine.
RUN: Final = Path("/run/pcscd")
CONFIGURATION: Final = """\
FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:{port:#x}
LIBPATH      {library}
CHANNELID    {port:#x}
"""
#: Debian's pyscard, for a virtual environment without one: PyPI has it as source only.
DEBIANS: Final = Path("/usr/lib/python3/dist-packages/smartcard")


def need_pcsc(folder: Path) -> None:
    """Skip (in CI: fail) where the peer cannot be had."""
    missing = [str(path) for path in (PCSCD, VPCD) if not path.exists()]
    if not missing and os.geteuid() != 0:
        pytest.skip("pcscd can be started by root alone")
    if not missing and (RUN / "pcscd.comm").exists() and _runs():
        pytest.skip("another pcscd runs here; there can be one only")
    if not missing and not _importable(folder):
        missing.append("pyscard")
    if missing:
        text = f"needs {', '.join(missing)}: apt-get install pcscd vsmartcard-vpcd python3-pyscard"
        pytest.fail(text) if os.environ.get("CI") else pytest.skip(text)


class PcscPeer:
    driver = "pcsc"
    flood = 8

    def __init__(self, folder: Path) -> None:
        # Tests run side by side, and two runs may share a machine; its one pcscd they use in turns.
        self._turn = (Path(tempfile.gettempdir()) / "zhian-tests-pcscd.lock").open("w")
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        try:
            need_pcsc(folder)
        except BaseException:  # a skip is one
            self._turn.close()
            raise
        asked = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}, ", "pcscd", "vsmartcard-vpcd"]
        packages = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        self.version = packages + "a card of ours"
        self._port = free_port()
        self._folder = folder / "readers"
        self._folder.mkdir()
        text = CONFIGURATION.format(port=self._port, library=VPCD)
        (self._folder / "vpcd").write_text(text, encoding="ascii")
        self._daemon: subprocess.Popen[bytes] | None = None
        self._card = Obeying("card_process.py", str(self._port))
        self._reader: CardReader | None = None
        self._presented = 0

    def start(self) -> None:
        for left in ("pcscd.comm", "pcscd.pid"):
            (RUN / left).unlink(missing_ok=True)
        self._daemon = subprocess.Popen(
            [PCSCD, "--foreground", "--config", self._folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        eventually(lambda: (RUN / "pcscd.comm").exists() and _bound(self._port), "pcscd's start")
        self._card.start()

    def kill(self) -> None:
        """pcscd itself, by -9, when the driver has what was handed to it."""
        if self._reader is not None and self._daemon is not None:
            counters = self._reader.diagnostics
            eventually(lambda: counters().counters["reads"] >= self._presented, "the last card")
        self._end()

    def close(self) -> None:
        self._end()
        self._turn.close()

    def _end(self) -> None:
        self._card.kill()
        daemon, self._daemon = self._daemon, None
        if daemon is not None:
            daemon.kill()
            daemon.wait()

    def reader(self, **settings: Any) -> CardReader:
        from zhian_edge.hal.drivers.pcsc import PcscDriver  # noqa: PLC0415 - `need_pcsc` may have brought its package

        self._reader = PcscDriver(PcscReader(id="desk", **settings))
        return self._reader

    def present(self, card: str) -> None:
        self._card.order(f"present {card}")
        self._presented += 1

    def garbage(self) -> None:
        self._card.order("mute")

    def cut(self) -> None:
        self._card.order("torn")


def _bound(port: int) -> bool:
    """Whether somebody listens there. Not by trying: the virtual reader takes whoever connects for a card."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return any(f":{port:04X}" in line.split()[1] and line.split()[3] == "0A" for line in lines)


def _runs() -> bool:
    try:
        return Path("/proc", (RUN / "pcscd.pid").read_text().strip("\0\n "), "comm").read_text().strip() == "pcscd"
    except OSError:
        return False


def _importable(folder: Path) -> bool:
    try:
        import smartcard.scard  # noqa: PLC0415 - looked for
    except ImportError:
        if not DEBIANS.is_dir() or str(folder.parent) in sys.path:
            return False
    else:
        return True
    beside = folder.parent / "debian"
    beside.mkdir(exist_ok=True)
    if not (beside / "smartcard").exists():
        (beside / "smartcard").symlink_to(DEBIANS)
    sys.path.append(str(beside))
    try:
        import smartcard.scard  # noqa: F401, PLC0415 - Debian's Python may be another than this one
    except ImportError:
        return False
    return True
