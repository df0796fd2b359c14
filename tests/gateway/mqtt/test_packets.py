"""Whatever the stream is cut into, the same packets come out of it; what is no MQTT is said to be none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.errors import BrokerFault
from zhian_gateway.mqtt import packets
from zhian_gateway.mqtt.packets import Acknowledged, Connected, Published, Reader, Subscribed

messages = st.builds(
    Published,
    topic=st.text("abc/é", min_size=1, max_size=200).map(str.encode),
    body=st.binary(max_size=300),
    number=st.integers(0, 0xFFFF),
    retained=st.booleans(),
)


def sent(message: Published) -> bytes:
    return packets.publish(message.topic.decode(), message.body, number=message.number, retain=message.retained)


@given(st.lists(messages, max_size=8), st.lists(st.integers(1, 500), max_size=20))
def test_messages_come_out_as_they_were_sent_however_the_stream_is_cut(
    wanted: list[Published], cuts: list[int]
) -> None:
    stream, reader, found = b"".join(map(sent, wanted)), Reader(), []
    for size in cuts:
        found += reader.feed(stream[:size])
        stream = stream[size:]
    assert [*found, *reader.feed(stream)] == wanted


@pytest.mark.parametrize("step", [1, 100_000, 10_000_000])
def test_of_an_endless_message_only_its_beginning_is_kept_and_the_next_one_comes(step: int) -> None:
    long = packets.publish("t", b"x" * (2 * packets.LONGEST), number=7)
    step = max(step, len(long) // 1000)
    stream, reader, found = long + packets.publish("t", b"next"), Reader(), []
    for place in range(0, len(stream), step):
        found += reader.feed(stream[place : place + step])
        assert len(reader._held) <= packets.LONGEST + step
    assert [(type(each), getattr(each, "number", None)) for each in found] == [(Published, 7), (Published, 0)]
    assert isinstance(found[0], Published)
    assert packets.LONGEST - 10 < len(found[0].body) < packets.LONGEST
    assert found[1] == Published(b"t", b"next", 0, False)


@pytest.mark.parametrize(
    ("data", "packet"),
    [
        (b"\x20\x02\x00\x00", Connected("")),
        (b"\x20\x02\x00\x05", Connected("not authorized")),
        (b"\x20\x02\x00\x63", Connected("refused with code 99")),
        (b"\x90\x04\x00\x01\x01\x80", Subscribed(1)),
        (b"\x40\x02\x12\x34", Acknowledged(0x1234)),
    ],
)
def test_what_the_broker_answers(data: bytes, packet: packets.Packet) -> None:
    assert Reader().feed(b"\xd0\x00" + data) == [packet]


@pytest.mark.parametrize(
    "data",
    [
        b"\x30\xff\xff\xff\xff\x01",
        b"\x30\x01\x00",
        b"\x30\x03\x00\x09a",
        b"\x32\x03\x00\x01a",
        b"\x40\x01\x00",
        b"\x10\x02\x00\x00",
        b"HTTP/1.1 400 Bad Request\r\n\r\n" + b" " * 100,
    ],
)
def test_what_is_no_packet_for_a_client_is_a_fault(data: bytes) -> None:
    with pytest.raises(BrokerFault):
        Reader().feed(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_packets_or_a_fault(data: bytes) -> None:
    try:
        Reader().feed(data)
    except BrokerFault:
        return


def test_packets_are_those_of_the_standard() -> None:
    assert packets.connect("g", keepalive_s=15) == b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x0f\x00\x01g"
    assert packets.connect("g", keepalive_s=15, user="u", password="p") == (
        b"\x10\x13\x00\x04MQTT\x04\xc2\x00\x0f\x00\x01g\x00\x01u\x00\x01p"
    )
    assert packets.subscribe(1, [packets.Wanted("a", 1), packets.Wanted("b", 0)]) == (
        b"\x82\x0a\x00\x01\x00\x01a\x01\x00\x01b\x00"
    )
    assert packets.publish("t", b"x") == b"\x30\x04\x00\x01tx"
    assert packets.publish("t", b"x", number=258, retain=True) == b"\x33\x06\x00\x01t\x01\x02x"
    assert packets.acknowledge([1, 258]) == b"\x40\x02\x00\x01\x40\x02\x01\x02"
