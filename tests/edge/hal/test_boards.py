"""What boards were recorded or documented to say is understood byte by byte; rubbish hides no whole frame.

The frames come from makers' manuals and from recordings that users of these boards published.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhian_edge.hal.boards import BOARDS, M100, PN532, R2000, RDM6300, UHFREADER18, UHFREADER288, Board, Tag
from zhian_edge.hal.framing import Deframer, Framing, crc16

#: Board, frame, tags in it, whether it may be asked again.
SAID: list[tuple[Board, str, list[Tag], bool]] = [
    (
        M100,
        "BB 02 22 00 11 C9 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 3A 76 EF 7E",
        [Tag(bytes.fromhex("30751FEB705C5904E3D50D70"), 0, -55.0)],
        True,
    ),
    (
        M100,
        "BB 02 22 00 11 C4 30 00 E2 00 00 1D 73 15 01 65 21 40 8F C6 B8 3E C2 7E",
        [Tag(bytes.fromhex("E200001D7315016521408FC6"), 0, -60.0)],
        True,
    ),
    (M100, "BB 01 FF 00 01 15 16 7E", [], True),
    (M100, "BB 01 03 00 10 00 4D 31 30 30 20 32 36 64 42 6D 20 56 31 2E 30 92 7E", [], False),
    (UHFREADER18, "13000103010c0000000000000000000003133f39", [Tag(bytes.fromhex("000000000000000000000313"))], False),
    (
        UHFREADER18,
        "20000103020c0000000000000000000003130c0000000000000000000003149ac9",
        [Tag(bytes.fromhex("000000000000000000000313")), Tag(bytes.fromhex("000000000000000000000314"))],
        False,
    ),
    (UHFREADER18, "05 00 01 FB F2 3D", [], True),
    (
        UHFREADER288,
        "1500010301010c e28068940000400a9d22a9eb 5d f9c3",
        [Tag(bytes.fromhex("E28068940000400A9D22A9EB"), 1)],
        False,
    ),
    (UHFREADER288, "0d000103010104 111001ba 46 5d27", [Tag(bytes.fromhex("111001BA"), 1)], False),
    (UHFREADER288, "07 00 01 01 01 00 1E 4B", [], True),
    (
        R2000,
        "A0 13 01 89 8C 30 00 30 08 33 B2 DD D9 01 40 00 00 00 01 37 BB",
        [Tag(bytes.fromhex("300833B2DDD9014000000001"), 1, -74.0)],
        False,
    ),
    (
        R2000,
        "A0 13 01 89 74 30 00 E2 00 40 74 85 0A 01 03 16 30 70 E1 36 29",
        [Tag(bytes.fromhex("E2004074850A01031630" + "70E1"), 1, -75.0)],
        False,
    ),
    (R2000, "A0 0A 01 89 00 00 11 00 00 00 05 B6", [], True),
    (R2000, "A0 04 01 74 10 D7", [], True),
    (R2000, "A0 05 01 72 01 09 DE", [], False),
    (PN532, "00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 DE AD BE EF 96 00", [Tag(bytes.fromhex("DEADBEEF"))], True),
    (PN532, "00 00 FF 03 FD D5 4B 00 E0 00", [], True),
    (PN532, "00 00 FF 06 FA D5 03 32 01 06 07 E8 00", [], False),
    (RDM6300, "02 31 33 30 30 35 44 31 44 41 35 46 36 03", [Tag(bytes.fromhex("13005D1DA5"))], True),
]
FRAMES = [(board, bytes.fromhex(frame)) for board, frame, _, _ in SAID]


@pytest.mark.parametrize(("board", "frame", "tags", "done"), SAID)
def test_a_documented_frame_is_understood(board: Board, frame: str, tags: list[Tag], done: bool) -> None:
    data = bytes.fromhex(frame)
    deframer = Deframer(board.framing)
    assert (deframer.feed(data), deframer.garbled) == ([data], 0)
    assert (board.tags(data), board.done(data)) == (tags, done)


@pytest.mark.parametrize(
    ("name", "said", "frame"),
    [
        ("m100", M100.ask(())[0], "BB 00 22 00 00 22 7E"),
        ("r200", M100.who, "BB 00 03 00 01 00 04 7E"),
        ("uhfreader18", UHFREADER18.ask(())[0], "04 00 01 DB 4B"),
        ("r2000", R2000.ask(())[0], "A0 04 01 89 01 D1"),
        ("r2000", R2000.ask((1,))[0], "A0 04 01 74 00 E7"),
        ("pn532", PN532.who, "00 00 FF 02 FE D4 02 2A 00"),
        ("pn532", PN532.setup[0], "55 55 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 FF 03 FD D4 14 01 17 00"),
        ("pn532", PN532.ask(())[0], "00 00 FF 04 FC D4 4A 01 00 E1 00"),
    ],
)
def test_an_order_is_as_documented(name: str, said: bytes, frame: str) -> None:
    board = BOARDS[name]
    assert board.order(board.address, said) == bytes.fromhex(frame)


def test_each_antenna_that_is_to_be_used_is_asked() -> None:
    assert [said[-2] for said in UHFREADER288.ask((1, 4))] == [0x80, 0x83]
    assert R2000.ask((2, 3)) == (b"\x74\x01", b"\x89\x01", b"\x74\x02", b"\x89\x01")
    assert UHFREADER288.order(0, UHFREADER288.ask(())[0])[:-2] == bytes.fromhex("0D 00 01 04 00 01 00 00 00 00 80 0A")


@pytest.mark.parametrize(
    ("board", "frame", "identity"),
    [
        (M100, SAID[3][1], "M100 26dBm V1.0"),
        (R2000, "A0 05 01 72 01 09 DE", "R2000 1.9"),
        (PN532, "00 00 FF 06 FA D5 03 32 01 06 07 E8 00", "PN532 1.6"),
        (UHFREADER288, "11 00 21 00 00 16 0C 03 4E 00 1E 0A 01 00 00 00 E6 51", "UHFReader288 0.22"),
        (R2000, "A0 04 01 74 10 D7", None),
    ],
)
def test_a_board_says_who_it_is(board: Board, frame: str, identity: str | None) -> None:
    assert board.identity(bytes.fromhex(frame)) == identity


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FRAMES), st.binary(max_size=40), st.data())
def test_a_whole_frame_survives_rubbish_before_it_however_it_is_cut_up(
    said: tuple[Board, bytes], rubbish: bytes, data: st.DataObject
) -> None:
    board, frame = said
    stream, deframer, frames = rubbish + frame, Deframer(board.framing), list[bytes]()
    while stream:
        length = data.draw(st.integers(1, len(stream)))
        frames += deframer.feed(stream[:length])
        stream = stream[length:]
    frames += deframer.pause()
    assert frame in frames


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FRAMES), st.data())
def test_a_frame_that_was_cut_off_hides_none_behind_it(said: tuple[Board, bytes], data: st.DataObject) -> None:
    board, frame = said
    deframer = Deframer(board.framing)
    cut = data.draw(st.integers(1, len(frame) - 1))
    frames = deframer.feed(frame[:cut]) + deframer.pause() + deframer.feed(frame) + deframer.pause()
    assert frames[-1:] == [frame]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FRAMES), st.data())
def test_a_byte_that_was_changed_on_the_way_makes_no_frame(said: tuple[Board, bytes], data: st.DataObject) -> None:
    board, frame = said
    at, wrong = data.draw(st.integers(0, len(frame) - 1)), data.draw(st.integers(1, 255))
    spoilt = bytearray(frame)
    spoilt[at] ^= wrong
    deframer = Deframer(board.framing)
    # A frame may hold a shorter whole one by chance of its content, never itself.
    assert bytes(spoilt) not in deframer.feed(bytes(spoilt)) + deframer.pause()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([each for each in BOARDS.values() if isinstance(each.framing, Framing)]), st.binary(max_size=400)
)
def test_noise_is_counted_held_back_for_one_frame_at_most_and_never_raises(board: Board, noise: bytes) -> None:
    assert isinstance(board.framing, Framing)
    deframer = Deframer(board.framing)
    frames = deframer.feed(noise) + deframer.pause()
    for frame in frames:
        board.tags(frame), board.identity(frame), board.done(frame)
    assert len(noise) - deframer.garbled - sum(map(len, frames)) <= board.framing.longest + sum(
        len(each) * noise.count(each) for each in board.framing.passing
    )


@given(st.binary(min_size=2, max_size=40))
def test_an_answer_that_contradicts_itself_gives_the_tags_that_are_whole(data: bytes) -> None:
    body = bytes([len(data) + 5, 0, 1, 1]) + data
    frame = body + crc16(body).to_bytes(2, "little")
    for board in (UHFREADER18, UHFREADER288):
        assert all(tag.data in data for tag in board.tags(frame))


def test_acknowledgements_pass_in_silence() -> None:
    deframer = Deframer(PN532.framing)
    acknowledged = bytes.fromhex("00 00 FF 00 FF 00")
    answer = bytes.fromhex("00 00 FF 03 FD D5 4B 00 E0 00")
    assert deframer.feed(acknowledged[:4]) + deframer.feed(acknowledged[4:] + answer) == [answer]
    assert deframer.garbled == 0
