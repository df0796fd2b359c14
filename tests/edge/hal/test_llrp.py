"""UHF over LLRP beyond reading: antennas, power, strength, one read a stay, and a frozen reader that is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.peer_llrp import LlrpPeer
from msgspec.structs import replace
from support.waiting import eventually
from zhian_edge.config.readers import LlrpReader
from zhian_edge.errors import DeviceLost, DeviceRefused
from zhian_edge.hal.drivers.llrp import LlrpReaderDriver
from zhian_edge.signals import CardRead

NEAR, FAR = "E20000170000000000000001", "E20000170000000000000002"


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[LlrpPeer]:
    one = LlrpPeer(tmp_path)
    one.start()
    yield one
    one.close()


class Clock:
    """Set by hand."""

    ms = 1000

    def __call__(self) -> int:
        return self.ms


def settings(peer: LlrpPeer, **changes: object) -> LlrpReader:
    return replace(peer.settings, **changes)


def next_card(reader: LlrpReaderDriver) -> CardRead:
    return eventually(lambda: reader.read(0.5), "a card")


def test_a_card_tells_its_antenna_and_strength(peer: LlrpPeer) -> None:
    with LlrpReaderDriver(peer.settings) as reader:
        peer.device.tell(card=NEAR, antenna=3, rssi=-48)
        card = next_card(reader)
        assert (card.card, card.bits, card.antenna) == (NEAR, 96, 3)
        assert card.rssi_dbm == pytest.approx(-48, abs=8)
        told = reader.diagnostics()
        assert told.capabilities.antennas == 4
        assert told.firmware == "llrpkit-emu 0.1"


def test_only_the_antennas_and_strengths_of_the_lane_count(peer: LlrpPeer) -> None:
    with LlrpReaderDriver(settings(peer, antennas=(2,), min_rssi_dbm=-60.0)) as reader:
        peer.device.tell(card="E2000017000000000000FFFF", antenna=1, rssi=-40)
        peer.device.tell(card=FAR, antenna=2, rssi=-70)
        eventually(lambda: reader.read(0.05) or reader.diagnostics().counters["too_weak"], "the far tag's report")
        peer.device.tell(card=NEAR, antenna=2, rssi=-45)
        assert next_card(reader).card == NEAR


def test_the_power_asked_for_is_the_highest_that_is_not_above(peer: LlrpPeer) -> None:
    with LlrpReaderDriver(settings(peer, power_dbm=20.1)) as reader:
        peer.device.tell(card=NEAR)
        next_card(reader)
        assert 19 <= peer.device.await_said(lambda line: "power" in line, "the power")["power"] <= 20.1


@pytest.mark.parametrize(
    ("changes", "said"), [({"antennas": (9,)}, "no antenna 9; it has 4"), ({"power_dbm": 1.0}, "below")]
)
def test_what_the_reader_cannot_is_refused(peer: LlrpPeer, changes: dict[str, object], said: str) -> None:
    with pytest.raises(DeviceRefused, match=said):
        LlrpReaderDriver(settings(peer, **changes)).open()


def test_a_tag_that_stays_is_read_once_and_again_when_it_was_away(peer: LlrpPeer) -> None:
    clock = Clock()
    with LlrpReaderDriver(settings(peer, dwell_s=5.0), clock) as reader:
        peer.device.tell(card=NEAR)
        next_card(reader)
        eventually(lambda: reader.read(0.05) or reader.diagnostics().counters["repeats"] > 20, "many sightings")
        assert reader.diagnostics().counters["reads"] == 1
        clock.ms += 6000
        assert next_card(reader).at_ms == clock.ms


def test_a_tag_in_the_field_is_not_read_again_because_the_line_broke(peer: LlrpPeer) -> None:
    reader = LlrpReaderDriver(peer.settings)
    with reader:
        peer.device.tell(card=NEAR)
        next_card(reader)
    with reader:
        eventually(lambda: reader.read(0.05) or reader.diagnostics().counters["repeats"] > 20, "many sightings")
        assert reader.diagnostics().counters["reads"] == 1


def test_a_frozen_reader_is_lost(peer: LlrpPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhian_edge.hal.drivers.llrp.PROBE_S", 0.2)
    monkeypatch.setattr("zhian_edge.hal.drivers.llrp.ANSWER_S", 0.5)
    with LlrpReaderDriver(peer.settings) as reader:
        assert reader.read(0.3) is None
        assert reader.diagnostics().counters["probes"] == 1
        peer.device.freeze()
        try:
            with pytest.raises(DeviceLost, match="frozen"):
                eventually(lambda: reader.read(0.3), "never")
        finally:
            peer.device.thaw()


def test_a_reader_that_serves_somebody_else_is_not_there_for_us(peer: LlrpPeer) -> None:
    direct = settings(peer, port=peer.wire.peer_port)
    with LlrpReaderDriver(direct), pytest.raises(DeviceLost, match="refused"):
        LlrpReaderDriver(direct).open()
