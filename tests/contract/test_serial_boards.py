"""What is particular to reader boards on serial lines."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.board_process import crc, uhf
from contract.peer_serial import SerialPeer
from zhian_edge.config.readers import SerialReader
from zhian_edge.errors import DeviceLost
from zhian_edge.hal.drivers import serial_board
from zhian_edge.hal.drivers.serial_board import SerialBoardDriver


def uhf_tags(*tags: bytes) -> bytes:
    """An UHFReader18's answer with these tags."""
    body = b"\x01\x03" + bytes([len(tags)]) + b"".join(bytes([len(tag)]) + tag for tag in tags)
    frame = bytes([len(body) + 3, 0]) + body
    return frame + crc(frame)


TAGS = [bytes.fromhex(f"E2{number:022X}") for number in range(4)]
#: The first bytes of `MANY` promise more than follows when `ONE` comes behind them.
ONE, MANY = uhf_tags(TAGS[0]), uhf_tags(*TAGS[1:])


@pytest.fixture
def m100(tmp_path: Path) -> Iterator[SerialPeer]:
    peer = SerialPeer(tmp_path, "m100")
    peer.start()
    yield peer
    peer.kill()


def presented(peer: SerialPeer, reader: SerialBoardDriver, card: str) -> list[str]:
    """Present it while the reader reads: what that gives."""
    thread = threading.Thread(target=peer.present, args=(card,))
    thread.start()
    cards = []
    while thread.is_alive():
        read = reader.read(0.1)
        cards += [read.card] if read else []
    thread.join()
    return cards


def test_a_frozen_board_is_lost_although_its_port_is_there(m100: SerialPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_board, "SILENT_S", 0.2)
    with m100.reader() as reader:
        m100.device.freeze()
        with pytest.raises(DeviceLost, match="no answer"):
            for _ in range(50):
                reader.read(0.1)


def test_another_board_on_the_port_is_not_taken_for_it(m100: SerialPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_board, "ANSWER_S", 0.2)
    with pytest.raises(DeviceLost, match="nothing answers as r2000 does, at 115200 baud, address 1"):
        m100.reader(board="r2000").open()
    with m100.reader() as reader:  # the failed attempt holds no lock on the port
        assert presented(m100, reader, "04A1BEEF") == ["04A1BEEF"]


def test_two_cannot_have_one_port(m100: SerialPeer) -> None:
    with m100.reader(), pytest.raises(DeviceLost, match="lock"):
        m100.reader().open()


def test_a_tag_that_stays_is_told_once_and_counted(m100: SerialPeer) -> None:
    with m100.reader() as reader:
        assert presented(m100, reader, "04A1BEEF") + presented(m100, reader, "04A1BEEF") == ["04A1BEEF"]
        diagnostics = reader.diagnostics()
        assert diagnostics.model == "M100 26dBm V1.0"
        assert diagnostics.detail == {"last": "04A1BEEF, antenna 0, -55 dBm"}
        assert (diagnostics.counters["reads"], diagnostics.counters["repeats"]) == (1, 99)


def test_a_tag_that_is_too_far_away_is_not_told(m100: SerialPeer) -> None:
    with m100.reader(min_rssi_dbm=-54.0) as reader:
        assert presented(m100, reader, "04A1BEEF") == []
        assert reader.diagnostics().counters["weak"] == 50


@pytest.mark.parametrize("cut", [b"", MANY[:6], MANY[:6] + ONE + MANY[:9]], ids=["alone", "behind one", "behind two"])
def test_a_whole_read_behind_one_that_was_cut_off_is_told_before_the_board_is_lost(cut: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        board = threading.Thread(target=answer_and_go, args=(server, cut + ONE), daemon=True)
        board.start()
        link = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        reader = SerialBoardDriver(SerialReader(id="uhf", link=link, board="uhfreader18"))
        cards: list[str] = []
        with reader, pytest.raises(DeviceLost):
            for _ in range(50):
                read = reader.read(0.5)
                cards += [read.card] if read else []
        board.join(10)
    assert cards == ["E20000000000000000000000"]


def answer_and_go(server: socket.socket, said: bytes) -> None:
    """Says who it is, then this to the first question, and is gone."""
    connection, _ = server.accept()
    with connection:
        connection.recv(100)
        connection.sendall(uhf(b"\x21\x00" + bytes(8)))
        connection.recv(100)
        connection.sendall(said)


def test_bytes_are_turned_round_where_cards_are_listed_so(m100: SerialPeer) -> None:
    with m100.reader(byte_order="reversed") as reader:
        assert presented(m100, reader, "04A1BEEF") == ["EFBEA104"]
