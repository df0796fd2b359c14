"""A link gives what came, says when its other end is gone, and is opened for one."""

from __future__ import annotations

import os
import socket
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.ports import free_port
from zhian_edge.errors import DeviceLost, DeviceRefused
from zhian_edge.hal.links import open_link


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    """One end, and the other's name."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    for handle in (ours, theirs):
        os.close(handle)


def test_a_serial_port_carries_bytes_both_ways(pty: tuple[int, str]) -> None:
    ours, name = pty
    with open_link(name, 115200, "even") as link:
        assert link.read(0) == b""
        os.write(ours, b"\x00\xffhello\r\n")
        assert link.read(5) == b"\x00\xffhello\r\n"
        link.write(b"\n\x11\x13")
        assert os.read(ours, 10) == b"\n\x11\x13"


def test_a_serial_port_is_opened_by_one_at_a_time(pty: tuple[int, str]) -> None:
    with open_link(pty[1]), pytest.raises(DeviceLost, match=pty[1]):
        open_link(pty[1])
    with open_link(pty[1]):
        pass


def test_a_port_that_is_not_there_may_come_back(tmp_path: Path) -> None:
    with pytest.raises(DeviceLost):
        open_link(str(tmp_path / "ttyUSB9"))
    with pytest.raises(DeviceLost, match="refused"):
        open_link(f"tcp://127.0.0.1:{free_port()}")


def test_a_speed_that_no_port_has_is_refused(pty: tuple[int, str]) -> None:
    with pytest.raises(DeviceRefused):
        open_link(pty[1], -1)


def test_what_a_converter_sent_before_it_went_is_read_first() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        open_link(f"tcp://127.0.0.1:{door.getsockname()[1]}") as link,
    ):
        peer, _ = door.accept()
        with peer:
            link.write(b"?")
            assert peer.recv(10) == b"?"
            peer.sendall(b"card")
        assert link.read(5) == b"card"
        with pytest.raises(DeviceLost, match="closed the connection"):
            link.read(5)


def test_a_link_that_was_closed_is_lost_and_may_be_closed_again(pty: tuple[int, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        for address in (pty[1], f"tcp://127.0.0.1:{door.getsockname()[1]}"):
            link = open_link(address)
            link.close()
            link.close()
            with pytest.raises(DeviceLost):
                link.read(0)
            with pytest.raises(DeviceLost):
                link.write(b"x")
