"""OSDP beyond reading: no plain text by accident, keys that change safely, outputs, inputs, tamper, the watchdog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from contract.peer_osdp import KEY, OsdpPeer, write_key
from contract.wire import Pty, Tcp
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.waiting import eventually
from zhian_edge.config.actuators import OsdpBarrier, OsdpInput
from zhian_edge.config.readers import OsdpReader
from zhian_edge.errors import BadSecret, DeviceLost, DeviceRefused
from zhian_edge.hal.drivers import osdp_line
from zhian_edge.hal.drivers.osdp import OsdpBarrierDriver, OsdpInputDriver, OsdpReaderDriver, line
from zhian_edge.hal.drivers.osdp_keys import DEFAULT, KeyFile
from zhian_edge.hal.drivers.osdp_watch import HANDSHAKE_MS, IN_VAIN, Questions, Watchdog
from zhian_edge.hal.drivers.osdp_words import Carded
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import Contact

Opened = Callable[..., OsdpPeer]


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Opened]:
    """Starts a peer with this key."""
    peers: list[OsdpPeer] = []

    def start(key: str = KEY.hex(), *more: str) -> OsdpPeer:
        peers.append(OsdpPeer(tmp_path, Pty(), key, *more))
        peers[-1].start()
        return peers[-1]

    yield start
    for one in peers:
        one.close()


def driver(settings: OsdpReader) -> OsdpReaderDriver:
    return OsdpReaderDriver(settings, line([settings]))


def commands(peer: OsdpPeer, number: int) -> list[dict[str, Any]]:
    return [said["command"] for said in list(peer.device.said) if said.get("command", {}).get("command") == number]


def test_cards_that_nobody_fetched_in_time_are_counted() -> None:
    seat = osdp_line.Seat(OsdpReader(id="r", link="l", security="plain-text-anybody-can-read", key_file=""))
    for number in range(1003):
        seat.keep(Carded(address=0, at_ms=number, bits=32, data=bytes(4)))
    assert (seat.lost, len(seat.cards), seat.cards[0].at_ms) == (3, 1000, 3)


def test_a_reader_says_what_it_is_and_shows_what_it_can(peer: Opened) -> None:
    one = peer()
    with driver(one.settings) as reader:
        told = reader.diagnostics()
        assert told.secure
        assert told.serial == "DEADBEAF"
        assert (told.capabilities.lights, told.capabilities.sounds, told.capabilities.texts) == (True, True, False)
        reader.show("refused")
        led = one.device.await_said(lambda said: said.get("command", {}).get("command") == 2, "the light")["command"]
        assert (led["on_color"], led["temporary"]) == (1, True)
        eventually(lambda: [beep["rep_count"] for beep in commands(one, 3)] == [3], "the beeps")


def test_a_wrong_key_never_goes_on_in_plain_text(peer: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osdp_line, "START_S", 2.0)
    one = peer("00112233445566778899aabbccddeeff")
    with pytest.raises(DeviceLost, match="answers, but not by this key"):
        driver(one.settings).open()


def test_a_reader_that_speaks_plain_text_is_read_only_where_the_words_say_so(
    peer: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = peer("plain")
    plain = replace(one.settings, security="plain-text-anybody-can-read", key_file="")
    with driver(plain) as reader:
        one.device.tell(card="04A1B2C3", bits=32)
        eventually(lambda: reader.read(0.5), "the card")
        assert reader.diagnostics().secure is False
        with pytest.raises(DeviceRefused, match="plain text"):
            reader.change_key()


def test_install_mode_gives_a_new_reader_its_own_key(peer: Opened, tmp_path: Path) -> None:
    one = peer("install")
    file = tmp_path / "fresh.key"
    settings = replace(one.settings, security="install-mode", key_file=str(file))
    with driver(settings) as reader:
        given_key = one.device.await_said(lambda said: "key" in said, "the key")["key"]
        assert given_key == file.read_text().strip()
        assert file.stat().st_mode & 0o777 == 0o600
        assert reader.diagnostics().secure
    with driver(replace(settings, security="secure-channel")) as reader:
        one.device.tell(card="04A1B2C3", bits=32)
        assert eventually(lambda: reader.read(0.5), "the card").card == "04A1B2C3"


def test_a_key_is_changed_and_the_new_one_kept(peer: Opened) -> None:
    one = peer()
    with driver(one.settings) as reader:
        reader.change_key()
        new = one.device.await_said(lambda said: "key" in said, "the key")["key"]
        assert Path(one.settings.key_file).read_text().strip() == new != KEY.hex()
        one.device.tell(card="04A1B2C3", bits=32)
        eventually(lambda: reader.read(0.5), "the card by the new key")
    with driver(one.settings):
        pass


@pytest.mark.slow
def test_a_node_that_died_while_changing_a_key_finds_out_which_one_holds(
    peer: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(osdp_line, "START_S", 2.0)
    one = peer()
    new = KeyFile(Path(one.settings.key_file)).prepare()
    one.kill()
    taken = peer(new.hex())
    settings = replace(one.settings, link=taken.settings.link)
    reader = driver(settings)
    with pytest.raises(DeviceLost):
        reader.open()
    with reader:
        assert KeyFile(Path(settings.key_file)).current() == new


def test_a_wiegand_card_is_told_without_its_parity_and_not_at_all_when_that_is_wrong(peer: Opened) -> None:
    one = peer()
    with driver(one.settings) as reader:
        one.device.tell(card="81020340", bits=26)
        one.device.tell(card="81020300", bits=26)
        card = eventually(lambda: reader.read(0.5), "the card")
        assert (card.card, card.bits) == ("020406", 26)
        assert reader.diagnostics().counters["garbled"] == 1


def test_tampering_is_told(peer: Opened) -> None:
    one = peer()
    with driver(one.settings) as reader:
        assert reader.diagnostics().tamper is False
        one.device.tell(local=[1, 0])
        eventually(lambda: reader.read(0.1) or reader.diagnostics().tamper, "the tamper report")
        one.device.tell(local=[0, 0])
        eventually(lambda: reader.read(0.1) or not reader.diagnostics().tamper, "its end")


def test_reader_output_and_input_share_one_line(peer: Opened) -> None:
    one = peer(KEY.hex(), "inputs")
    shared = line([one.settings])
    barrier = OsdpBarrierDriver(OsdpBarrier(id="boom", lane="main", reader="osdp", output=0, contact=1), shared)
    port = OsdpInputDriver(OsdpInput(id="help", reader="osdp", role="help", input=0), shared)
    with OsdpReaderDriver(one.settings, shared) as reader, barrier, port:
        eventually(lambda: not reader.read(0.1) and reader.diagnostics().secure, "the line after its first question")
        barrier.pulse(1500)
        # What the peripheral writes down comes by a pipe, after the driver's answer.
        one.device.await_said(lambda said: said.get("command", {}).get("command") == 1, "the pulse")
        assert [(c["output_no"], c["control_code"], c["timer_count"]) for c in commands(one, 1)] == [(0, 5, 15)]
        eventually(lambda: barrier.state().output == "on", "the output's report")
        one.device.tell(inputs=[1, 1])
        changes: list[Contact] = []
        eventually(lambda: changes.append(change) if (change := port.read(0.5)) else changes, "the input's change")
        assert changes[0].state == "active"
        assert barrier.state().door == "open"
        barrier.shut()
        eventually(lambda: commands(one, 1)[-1]["control_code"] == 1, "the order at the peripheral")
        one.device.tell(card="04A1B2C3", bits=32)
        eventually(lambda: reader.read(0.5), "the card")
        assert shared.starts == 1


@pytest.mark.slow
def test_an_order_to_a_reader_that_is_away_is_not_carried_out_later(peer: Opened) -> None:
    one = peer(KEY.hex(), "inputs")
    shared = line([one.settings])
    with OsdpBarrierDriver(OsdpBarrier(id="boom", lane="main", reader="osdp"), shared) as barrier:
        one.kill()
        eventually(lambda: not shared.seat(0).state.up, "the loss")
        with pytest.raises(DeviceLost):
            barrier.pulse(1000)
        one.start()
        eventually(lambda: shared.seat(0).state.up, "the return")
        barrier.shut()
        eventually(lambda: [command["control_code"] for command in commands(one, 1)] == [1], "one order")


def test_a_reader_without_a_key_leaves_the_others_on_its_line_alone(peer: Opened, tmp_path: Path) -> None:
    one = peer()
    keyless = replace(one.settings, id="other", address=1, key_file=str(tmp_path / "none.key"))
    shared = line([one.settings, keyless])
    with OsdpReaderDriver(one.settings, shared) as reader:
        with pytest.raises(BadSecret, match=r"none\.key"):
            OsdpReaderDriver(keyless, shared).open()
        one.device.tell(card="04A1B2C3", bits=32)
        eventually(lambda: reader.read(0.5), "the card")


def test_an_output_that_the_reader_does_not_have_is_refused(peer: Opened) -> None:
    one = peer()
    barrier = OsdpBarrierDriver(OsdpBarrier(id="boom", lane="main", reader="osdp", output=3), line([one.settings]))
    with pytest.raises(DeviceRefused, match="the reader has 0 output"):
        barrier.open()


def test_a_child_that_is_killed_is_started_again(tmp_path: Path) -> None:
    one = OsdpPeer(tmp_path, Tcp())
    one.start()
    try:
        shared = line([one.settings])
        reader = OsdpReaderDriver(one.settings, shared)
        with reader:
            child = shared._child
            assert child is not None
            child._process.kill()
            with pytest.raises(DeviceLost, match="process ended"):
                reader.read(5)
        with reader:
            one.device.tell(card="04A1B2C3", bits=32)
            eventually(lambda: reader.read(0.5), "the card")
        assert shared.starts == 2
    finally:
        one.close()


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("12", 0o600, "expected 32 hexadecimal digits"),
        (DEFAULT.hex(), 0o600, "default key is no secret"),
        (KEY.hex(), 0o644, "others may read it"),
    ],
)
def test_a_key_that_is_none_is_refused(tmp_path: Path, text: str, mode: int, said: str) -> None:
    file = write_key(tmp_path)
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(BadSecret, match=said):
        KeyFile(file).current()


def test_the_watchdog_waits_for_a_first_handshake_but_not_for_a_lost_one() -> None:
    dog = Watchdog()
    assert [dog.step(ms, active=False, enabled=True) for ms in (0, HANDSHAKE_MS - 1, HANDSHAKE_MS)] == [
        "",
        "",
        "disable",
    ]
    assert dog.step(2000, active=False, enabled=True) == ""
    assert dog.step(2020, active=False, enabled=False) == "enable"
    assert dog.step(2040, active=True, enabled=True) == ""
    assert dog.step(2060, active=False, enabled=True) == "disable"
    assert dog.restarts == 2


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans(), st.booleans()), max_size=60))
def test_the_watchdog_never_enables_what_is_enabled_nor_disables_twice(moves: list[tuple[int, bool, bool]]) -> None:
    dog, now, last = Watchdog(), 0, "enable"
    for passed, active, enabled in moves:
        now += passed
        move = dog.step(now, active=active, enabled=enabled)
        assert not (move == "enable" and enabled)
        if move:
            assert move != last
            last = move


def test_a_device_that_stays_away_is_tried_without_end() -> None:
    dog, moves = Watchdog(), []
    for ms in range(0, 20_000, 20):
        moves.append(dog.step(ms, active=False, enabled=not moves or moves[-1] != "disable"))
    assert dog.restarts == moves.count("disable") >= 20_000 // (HANDSHAKE_MS + 100)


def test_what_may_have_changed_meanwhile_is_asked_whenever_a_device_comes_back_and_a_refusal_is_final() -> None:
    one = Questions()
    assert one.due((0, 1)) == [0, 1]
    assert one.due((0, 1)) == []
    one.ended(0, "told")
    one.ended(1, "refused")
    one.again()
    assert one.due((0, 1)) == [0]


def test_a_question_by_which_a_device_is_lost_every_time_is_put_no_more() -> None:
    one = Questions()
    for _ in range(IN_VAIN):
        assert one.due((0,)) == [0]
        one.ended(0, "lost")
        one.again()
    assert one.due((0,)) == []


def test_an_input_of_a_reader_is_told_when_it_has_been_so_for_long_enough(peer: Opened) -> None:
    one = peer(KEY.hex(), "inputs")
    settings = OsdpInput(id="help", role="help", reader="osdp", settle_s=0.4)
    with OsdpInputDriver(settings, line([one.settings])) as port:
        pressed_ms = mono_ms()
        one.device.tell(inputs=[1, 0])
        contact = eventually(lambda: port.read(0.1), "the press")
    assert contact.state == "active"
    assert contact.at_ms - pressed_ms >= 400
