"""Events survive the wire, equal events are equal bytes, and what cannot be read is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire import codec, schemas
from zhian_wire.errors import DecodeError, TooLarge
from zhian_wire.events import TYPES, Actuated, Alert, ClockSync, Decision, Event, Health, Newer, Passage
from zhian_wire.evidence import Evidence

GOLDEN = Path(__file__).parent / "golden"
LOOK = Evidence(
    kind="face", device="cam-1", at_ms=61_000, media_time_s=1.5, frame=37, box=(10.0, 20.0, 30.0, 40.0), score=0.71,
    margin=0.3, person_id="p-0007", key="a" * 64, picture="b" * 64, shots=5, live=0.98,
)  # fmt: skip
EXAMPLES: dict[str, Any] = {
    "decision": Decision(
        transaction="t-1", lane="main", verdict="open", reason="named", policy="card_and_face", evidence_age_ms=40,
        person_id="p-0007", evidence=(LOOK,),
    ),
    "actuated": Actuated(transaction="t-1", lane="main", action="pulse", result="done"),
    "passage": Passage(
        kind="face", source="gate.mp4", media_time_s=1.5, person_id="p-0007", plate=None, direction="in",
        camera="cam-1", lane="main", transaction="t-1", reason="named", score=0.71, margin=0.3, evidence=(LOOK,),
    ),
    "passage-unknown": Passage(
        kind="plate", source="车.mp4", media_time_s=0.0, person_id=None, plate="京A12345", direction="none", camera="c",
    ),
    "alert": Alert(key="main/p-0007/watch/0", kind="watch_list", severity="major", device="cam-1", candidate=True),
    "health": Health(component="camera", device="cam-1", status="down", cause="no_frames", since_ms=60_000),
    "clock_sync": ClockSync(before="unsynced", after="trusted", offset_ms=1_750_000_000_000, at_ms=9_000),
}  # fmt: skip


def wrap(data: Any, **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "site": "school-1", "node": "gate-1", "epoch": "e1", "seq": 42, "boot": "b1", "mono_ms": 61_234,
        "time": "2026-01-01T00:00:01.500Z", "clock": "trusted", "data": data,
    }  # fmt: skip
    return Event(**(fields | changes))


@pytest.mark.parametrize("name", EXAMPLES)
def test_golden_bytes_stay_readable_and_are_written_alike(name: str) -> None:
    body = (GOLDEN / f"{name}.json").read_bytes().rstrip(b"\n")
    assert codec.decode(body) == wrap(EXAMPLES[name])
    assert codec.encode(wrap(EXAMPLES[name])) == body


def test_every_type_has_a_golden_file() -> None:
    assert {type(example) for example in EXAMPLES.values()} == set(TYPES.values())


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
looks = st.builds(
    Evidence,
    kind=st.sampled_from(["face", "plate", "body", "card", "crossing", "contact", "manual"]),
    device=st.text(max_size=20),
    at_ms=st.integers(-(2**50), 2**50),
    media_time_s=st.none() | numbers,
    box=st.none() | st.tuples(numbers, numbers, numbers, numbers),
    plate=st.none() | st.text(max_size=10),
    shots=st.integers(1, 50),
)
passages = st.builds(
    Passage,
    kind=st.sampled_from(["face", "plate", "body", "card", "manual"]),
    source=st.text(max_size=30),
    media_time_s=numbers,
    person_id=st.none() | st.text(max_size=20),
    plate=st.none() | st.text(max_size=10),
    direction=st.sampled_from(["in", "out", "none"]),
    camera=st.text(max_size=20),
    evidence=st.lists(looks, max_size=3).map(tuple),
)


@given(data=passages, seq=st.integers(1, 2**31 - 1), mono_ms=st.integers(0, 2**52), node=names, epoch=names)
def test_an_event_survives_the_wire(data: Passage, seq: int, mono_ms: int, node: str, epoch: str) -> None:
    event = wrap(data, seq=seq, mono_ms=mono_ms, node=node, epoch=epoch)
    assert codec.decode(codec.encode(event)) == event
    assert codec.encode(codec.decode(codec.encode(event))) == codec.encode(event)


@given(st.binary(max_size=300))
def test_noise_is_refused_with_an_error_of_ours(noise: bytes) -> None:
    with pytest.raises(DecodeError):
        codec.decode(noise)


@given(st.data())
def test_a_cut_event_is_refused(data: st.DataObject) -> None:
    body = codec.encode(wrap(EXAMPLES["passage"]))
    with pytest.raises(DecodeError):
        codec.decode(body[: data.draw(st.integers(0, len(body) - 1))])


def altered(**changes: Any) -> bytes:
    return json.dumps(json.loads(codec.encode(wrap(EXAMPLES["alert"]))) | changes).encode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seq": 0, "id": "gate-1/e1/0"}, "seq"),
        ({"seq": "42"}, "seq"),
        ({"id": "gate-2/e1/42"}, "contradicts"),
        ({"node": "a/b"}, "node"),
        ({"node": "a+b"}, "node"),
        ({"time": "yesterday"}, "time"),
        ({"time": "2026-01-01T00:00:01Z"}, "time"),
        ({"clock": "maybe"}, "clock"),
        ({"monoms": "1e9"}, "monoms"),
        ({"specversion": "2.0"}, "specversion"),
        ({"type": "com.example.thing"}, "type"),
        ({"data": {"key": "k"}}, "data of gate-1/e1/42"),
        ({"data": {"key": 1, "kind": "x", "severity": "major", "device": "d"}}, "data of gate-1/e1/42"),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DecodeError, match=message):
        codec.decode(altered(**changes))


def test_a_message_longer_than_any_honest_one_is_refused() -> None:
    with pytest.raises(TooLarge, match="262145 bytes"):
        codec.decode(b" " * (codec.MAX_BYTES + 1))


def test_a_newer_field_is_passed_over_and_a_newer_type_is_kept_as_it_came() -> None:
    assert codec.decode(altered(traceparent="00-1")) == wrap(EXAMPLES["alert"])
    newer = altered(type="zhian.drone.v3", data={"height_m": 12, "旗": [1, None]})
    event = codec.decode(newer)
    assert isinstance(event.data, Newer)
    assert event.type == "zhian.drone.v3"
    assert json.loads(codec.encode(event)) == json.loads(newer)


def test_monotonic_time_outlasts_the_32_bits_of_a_cloudevents_integer() -> None:
    year_ms = 366 * 86_400_000
    body = codec.encode(wrap(EXAMPLES["health"], mono_ms=year_ms))
    assert json.loads(body)["monoms"] == str(year_ms)
    assert codec.decode(body).mono_ms == year_ms


def test_committed_schemas_are_those_that_the_types_generate() -> None:
    stored = {path.name: path.read_text(encoding="utf-8") for path in schemas.FOLDER.glob("*.json")}
    assert stored == schemas.generate(), "run python -m zhian_wire.schemas"


@pytest.mark.parametrize("name", EXAMPLES)
def test_golden_events_fit_their_schema(name: str) -> None:
    body = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    schema = json.loads((schemas.FOLDER / f"{body['type']}.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    validator.validate(body)
    with pytest.raises(jsonschema_rs.ValidationError):
        validator.validate(body | {"seq": -1})


def test_types_are_frozen() -> None:
    with pytest.raises(AttributeError):
        EXAMPLES["alert"].key = "other"
    assert all(cls.__struct_config__.frozen for cls in TYPES.values() if issubclass(cls, msgspec.Struct))


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "a+", "gate-1\n", "a" * 65])
def test_a_name_that_could_not_stand_in_a_topic_is_refused(name: str) -> None:
    with pytest.raises(DecodeError, match="lane"):
        codec.check_name(name, "lane")
