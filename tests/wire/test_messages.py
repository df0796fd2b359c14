"""Receipts, commands, state, roster, topics and times survive the wire; bad ones are refused by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire import times, topics
from zhian_wire.codec import decode_message, encode_message
from zhian_wire.commands import (
    Answer,
    Command,
    LetPass,
    Resend,
    RosterNotice,
    SetLane,
    SignCount,
    SoundSiren,
    Watch,
    Wipe,
)
from zhian_wire.errors import BadTopic, DecodeError
from zhian_wire.receipts import Receipt, Refusal, proof_of
from zhian_wire.roster import Collector, Person, Roster, Template
from zhian_wire.state import CameraState, NodeState
from zhian_wire.whereabouts import SitePresence, Whereabouts

COMMON: dict[str, Any] = {"id": "c-1", "expires": "2026-01-01T00:00:00.000Z", "who": "guard-1", "why": "parcel"}
BLIND = CameraState(id="c", status="blind")
MOTHER = Collector(who="m", ends="2026-07-01T00:00:00.000Z")
PUPIL = Person(id="p", templates=(Template(key="k", vector=b"\x00\xff"),), collectors=(MOTHER,), withdrawn=("04A1",))
INSIDE = Whereabouts(person="p", zone="school", node="gate-1", age_ms=1200)
MESSAGES: list[tuple[Any, Any]] = [
    (Receipt(node="n", epoch="e", through=7, store_id="s", refused=(Refusal(seq=8, reason="conflict"),)), Receipt),
    (Receipt(node="n", epoch="e", through=7, store_id="s", proof={7: proof_of(b"")}), Receipt),
    (Resend(**COMMON, epoch="e", ranges=((2, 4), (8, 8))), Command),
    (SignCount(**COMMON, day="2026-01-01"), Command),
    (Watch(**COMMON, camera="cam-1"), Command),
    (SetLane(**COMMON, lane="main", state="open_once", until="2026-01-01T00:00:05.000Z"), Command),
    (LetPass(**COMMON, lane="main", direction="in", person_id="p"), Command),
    (SoundSiren(**COMMON, state="on", until="2026-03-02T08:00:00.000Z"), Command),
    (Wipe(**COMMON), Command),
    (Answer(id="c-1", result="done", data={"count": 3}), Answer),
    (RosterNotice(version=42), RosterNotice),
    (RosterNotice(version=42, presence=7), RosterNotice),
    (SitePresence(version=7, store="s", people=(INSIDE,), siblings={"gate-1": 900}), SitePresence),
    (NodeState(node="n", epoch="e", seq=1, time="t", version="0", cameras=(BLIND,)), NodeState),
    (Roster(version=3, persons=(PUPIL,), removed=("q",)), Roster),
]  # fmt: skip


@pytest.mark.parametrize(("message", "kind"), MESSAGES, ids=lambda value: type(value).__name__)
def test_messages_survive_the_wire(message: Any, kind: Any) -> None:
    assert decode_message(encode_message(message), kind) == message


@pytest.mark.parametrize("body", [b"", b"{}", b'{"command":"explode"}', b'{"command":"watch","id":1}', b"\xff"])
def test_an_unreadable_command_is_refused(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_message(body, Command)


@pytest.mark.parametrize("kind", topics.KINDS)
def test_topics_go_there_and_back(kind: Any) -> None:
    assert topics.parse(topics.topic("school-1", "gate.2", kind)) == ("school-1", "gate.2", kind)


@pytest.mark.parametrize(
    "text",
    ["", "zhian/v1/s/n", "zhian/v1/s/n/event/x", "zhian/v2/s/n/event", "zhian/v1/+/n/event", "zhian/v1/s/#/event",
     "zhian/v1//n/event", "zhian/v1/s/n/other", "zhian/v1/s/n o/event", "zhian/v1/s/../event"],
)  # fmt: skip
def test_what_is_no_topic_of_ours_is_refused(text: str) -> None:
    with pytest.raises(BadTopic):
        topics.parse(text)


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=8)))))
def test_times_are_utc_milliseconds_and_never_later_than_the_moment(moment: datetime) -> None:
    if moment.year < 2:
        moment = moment.replace(year=2)
    back = times.from_text(times.to_text(moment))
    assert back.tzinfo is not None and back.utcoffset() == timedelta(0)
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@pytest.mark.parametrize("text", ["", "noon", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00"])
def test_a_time_without_meaning_or_offset_is_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        times.from_text(text)


def test_the_wire_cuts_to_milliseconds() -> None:
    assert times.to_text(datetime(2026, 1, 1, 8, 0, 0, 999_999, UTC)) == "2026-01-01T08:00:00.999Z"
