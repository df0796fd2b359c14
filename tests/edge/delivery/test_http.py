"""Pictures and roster over a real HTTP server: sent once, kept sealed, usable without a network."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from zhian_edge.delivery.credentials import Nameless, TokenFile
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.gathering import merge
from zhian_edge.delivery.outbox import Outbox
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.delivery.precedence import HOLD_S, Precedence
from zhian_edge.delivery.presented import DeskReads
from zhian_edge.delivery.roster import RosterService, valid
from zhian_edge.delivery.roster_file import RosterFile, Stored
from zhian_edge.delivery.spool import Spool
from zhian_edge.delivery.tiles import Tiles
from zhian_edge.delivery.uploads import FIRST_S, LONGEST_S, MOST_LATER, Later, Uploads
from zhian_edge.errors import BadSecret, LinkLost, LinkRefused
from zhian_edge.signals import CardRead
from zhian_wire.calendar import Calendar, Schedule, Span
from zhian_wire.receipts import Receipt
from zhian_wire.roster import ISSUED, Person, Roster, Template

from .peers import IDENTITY, WALL_MS, drafts, passage, proofs

ANNE, BO, CHEN = (
    Person(id=name, group="pupil", templates=(Template(key="k", vector=b"\x00" * 8),))
    for name in ("anne", "bo", "chen")
)
MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


Answer = tuple[int, dict[str, str], bytes]
BAD = b'{"error": {"code": "bad_picture", "message": "neither JPEG nor PNG"}}'


def _stored(method: str, path: str) -> Answer:
    return 200, {}, json.dumps({"sha256": path.rpartition("/")[2]}).encode()


class Server:
    """Answers as `answer` says and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[str, str], Answer] = _stored
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, headers, answer = outer.answer(self.command, self.path)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_PUT = _serve  # noqa: N815 - http.server wants these names

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


class Pictures:
    """A spool with one picture whose event the gateway has."""

    def __init__(self, folder: Path, url: str, credentials: Any = None, crop: bytes = b"crop") -> None:
        self.spool = Spool(folder / "spool")
        database = Database(folder / "node.sqlite3")
        self.outbox, self.book = Outbox(database, IDENTITY), PictureBook(database)
        self.sha256 = self.add(crop)
        self.precedence = Precedence(lambda: self.now_s, self._sleep)
        self.now_s = 0.0
        self.uploads = Uploads(
            url, credentials or Nameless("gate"), self.book, self.spool, self.precedence,
            later=Later(lambda: self.now_s), behind=Later(lambda: self.now_s),
        )  # fmt: skip
        self.uploads.open()

    def add(self, crop: bytes) -> str:
        """One more."""
        outbox, sha256 = self.outbox, self.spool.draft(crop)
        self.spool.adopt(sha256)
        outbox.commit(drafts(passage("a", sha256)))
        proof = proofs(outbox, outbox.seq)
        outbox.apply([Receipt(node="gate", epoch=outbox.epoch, through=outbox.seq, store_id="s", proof=proof)], WALL_MS)
        return sha256

    def _sleep(self, seconds: float) -> None:
        self.now_s += seconds


def test_a_picture_is_sent_once_with_the_nodes_token(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("secret\n")
    secret.chmod(0o600)
    one = Pictures(tmp_path, server.url, TokenFile("gate", secret))
    assert one.uploads.step() == [one.sha256]
    one.uploads.wake()
    assert one.uploads.step() == []
    ((method, path, headers, body),) = server.asked
    assert (method, path, body) == ("PUT", f"/pictures/{one.sha256}", b"crop")
    assert (headers["authorization"], headers["x-zhian-node"]) == ("Bearer secret", "gate")
    one.uploads.close()


def test_a_picture_gives_way_to_an_alert_and_arrives_whole(server: Server, tmp_path: Path) -> None:
    crop = bytes(range(256)) * 100
    one = Pictures(tmp_path, server.url, crop=crop)
    one.precedence.claim()
    assert one.uploads.step() == [one.sha256]
    assert one.now_s == pytest.approx(HOLD_S)
    ((_, _, headers, body),) = server.asked
    assert (body, headers["content-length"], "transfer-encoding" in headers) == (crop, str(len(crop)), False)
    one.uploads.close()


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_picture_waits_while_the_gateway_is_not_itself(server: Server, tmp_path: Path, status: int) -> None:
    one = Pictures(tmp_path, server.url)
    server.answer = lambda method, path: (status, {}, b"")
    with pytest.raises(LinkLost, match=str(status)):
        one.uploads.step()
    server.answer = _stored
    assert one.uploads.step() == [one.sha256]
    one.uploads.close()


def test_a_gateway_that_does_not_know_the_node_is_not_retried_like_a_lost_line(server: Server, tmp_path: Path) -> None:
    one = Pictures(tmp_path, server.url)
    server.answer = lambda method, path: (401, {}, b"")
    with pytest.raises(LinkRefused):
        one.uploads.step()
    assert one.book.next(1) == [one.sha256]
    one.uploads.close()


def test_a_picture_that_is_refused_or_gone_holds_up_nothing(server: Server, tmp_path: Path) -> None:
    one = Pictures(tmp_path, server.url)
    server.answer = lambda method, path: (422, {}, BAD)
    assert one.uploads.step() == []
    assert (one.book.next(1), one.uploads.refused) == ([], 1)
    one.book.mark([one.sha256], "waiting")
    one.spool.remove([one.sha256])
    assert one.uploads.step() == []
    assert one.book.next(1) == []
    one.uploads.close()


@pytest.mark.parametrize(
    "answer",
    [
        (413, {}, b"<html>too large</html>"),
        (404, {}, b"{}"),
        (302, {"Location": "http://127.0.0.1/"}, b""),
        (200, {}, b"<html>sign in to this network</html>"),
        (422, {}, b'{"error": {"code": "bad_input", "message": "?"}}'),
    ],
)
def test_what_is_not_the_gateways_own_word_lets_no_picture_go(server: Server, tmp_path: Path, answer: Answer) -> None:
    one = Pictures(tmp_path, server.url)
    server.answer = lambda method, path: answer
    with pytest.raises(LinkLost):
        one.uploads.step()
    server.answer = _stored
    one.uploads.wake()
    assert one.uploads.step() == []
    assert (one.book.waiting(), one.uploads.refused) == (1, 0)
    one.now_s += FIRST_S
    assert one.uploads.step() == [one.sha256]
    one.uploads.close()


def test_a_picture_that_is_tried_later_holds_up_no_other(server: Server, tmp_path: Path) -> None:
    one = Pictures(tmp_path, server.url)
    server.answer = lambda method, path: (413, {}, b"")
    with pytest.raises(LinkLost):
        one.uploads.step()
    server.answer = _stored
    other = one.add(b"another")
    assert one.uploads.step() == [other]
    one.uploads.close()


@pytest.mark.parametrize("status", [403, 500, 502])
def test_a_picture_that_always_stumbles_goes_behind_the_others_and_is_tried_again(
    server: Server, tmp_path: Path, status: int
) -> None:
    one = Pictures(tmp_path, server.url)
    other = one.add(b"another")
    server.answer = lambda method, path: (status, {}, b"") if one.sha256 in path else _stored(method, path)
    with pytest.raises((LinkLost, LinkRefused)):
        one.uploads.step()
    assert one.uploads.step() == [other]
    server.answer = _stored
    assert one.uploads.step() == [one.sha256]
    one.uploads.close()


def test_what_is_tried_in_vain_waits_twice_as_long_each_time_and_at_most_an_hour() -> None:
    now_s = 0.0
    later = Later(lambda: now_s)
    waits = []
    for _ in range(9):
        later.put("a")
        began = now_s
        while later.holds("a"):
            now_s += FIRST_S / 2
        waits.append(now_s - began)
    assert waits[:3] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
    assert waits[-1] == LONGEST_S
    for number in range(2 * MOST_LATER):
        later.put(str(number))
    assert len(later) == MOST_LATER


def test_only_the_latest_tile_of_a_camera_is_sent(server: Server) -> None:
    tiles = Tiles(server.url, Nameless("gate"))
    tiles.open()
    for jpeg in (b"1", b"2", b"3"):
        tiles.put("door", jpeg)
    assert tiles.step() == ["door"]
    assert [(path, body) for _, path, _, body in server.asked] == [("/live/door", b"3")]
    tiles.close()


class Desk:
    """Two readers, one of a desk, on a clock of its own."""

    def __init__(self, server: Server) -> None:
        self.now_ms = 1000
        self.reads = DeskReads(server.url, Nameless("gate"), frozenset({"desk"}), now=lambda: self.now_ms)
        self.reads.open()
        self._server = server

    def show(self, card: str) -> None:
        self.reads.put(CardRead(reader="desk", at_ms=self.now_ms, card=card))

    def told(self) -> list[tuple[str, str, int]]:
        """Path, card and age of what was asked for; the gateway knows a presentation by its number."""
        asked = [(path, json.loads(body)) for _, path, _, body in self._server.asked]
        assert len({said["read"] for _, said in asked}) == len({said["card"] for _, said in asked})
        return [(path, said["card"], said["age_ms"]) for path, said in asked]


@pytest.fixture
def desk(server: Server) -> Iterator[Desk]:
    made = Desk(server)
    yield made
    made.reads.close()


def test_a_desks_card_is_told_while_somebody_listens_and_never_otherwise(desk: Desk) -> None:
    desk.show("04A1")
    assert (desk.reads.listen("in", 9000), desk.reads.listen("desk", 9000)) == (False, True)
    desk.show("04A2")
    assert desk.reads.step() == ["desk"]
    desk.now_ms = 9000
    desk.show("04A3")
    assert (desk.reads.step(), desk.told()) == ([], [("/desk/desk", "04A2", 0)])


def test_a_desks_card_is_told_again_after_an_outage_but_only_to_who_still_listens(desk: Desk, server: Server) -> None:
    desk.reads.listen("desk", 9000)
    server.answer = lambda method, path: (503, {}, b"")
    desk.show("04A1")
    with pytest.raises(LinkLost):
        desk.reads.step()
    server.answer, desk.now_ms = lambda method, path: (200, {}, b"{}"), 1400
    assert desk.reads.step() == ["desk"]
    assert desk.told()[1:] == [("/desk/desk", "04A1", 400)]
    desk.show("04A2")
    desk.now_ms = 9000
    assert desk.reads.step() == [], "nobody listens any more, so it is forgotten"
    desk.reads.listen("desk", 20_000)
    assert desk.reads.step() == []


def test_a_delta_changes_adds_and_removes() -> None:
    held = Roster(version=3, persons=(ANNE, BO))
    changed = msgspec.structs.replace(BO, group="staff")
    news = Roster(version=5, since=3, persons=(changed, CHEN), removed=("anne",))
    assert merge(held, news) == Roster(version=5, persons=(changed, CHEN))


def test_schedules_and_the_calendar_come_whole_with_every_answer() -> None:
    week, year = Schedule(id="week", spans=(Span(),)), Calendar(holidays=("2026-10-01",))
    held = Roster(version=3, persons=(CHEN,), schedules=(Schedule(id="old"),))
    merged = merge(held, Roster(version=4, since=3, schedules=(week,), calendar=year))
    assert merged == Roster(version=4, persons=(CHEN,), schedules=(week,), calendar=year)


def test_a_delta_from_elsewhere_is_not_applied() -> None:
    assert merge(Roster(version=3), Roster(version=5, since=4)) is None


def test_whose_time_is_over_is_not_known_any_more() -> None:
    over = msgspec.structs.replace(ANNE, until="2026-03-01T00:00:00.000Z")
    assert valid(Roster(version=1, persons=(over, BO)), datetime(2026, 3, 1, tzinfo=UTC)).persons == (BO,)
    assert valid(Roster(version=1, persons=(over, BO)), datetime(2026, 2, 1, tzinfo=UTC)).persons == (over, BO)


def gateway_with(rosters: dict[int, Roster]) -> Callable[[str, str], tuple[int, dict[str, str], bytes]]:
    """Answers with the roster for the version that was named."""

    def answer(_method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        since = int(path.partition("since=")[2] or 0)
        if since not in rosters:
            return 304, {}, b""
        roster = rosters[since]
        return 200, {"ETag": f'"s-{roster.version}"'}, msgspec.json.encode(roster)

    return answer


def service(folder: Path, url: str, revoked: Callable[[], None] = lambda: None) -> RosterService:
    file = RosterFile(folder, "gate")
    one = RosterService(url, Nameless("gate"), file, file.load(), revoked=revoked)
    one.open()
    return one


def test_the_roster_is_fetched_followed_by_deltas_and_survives_a_restart(server: Server, tmp_path: Path) -> None:
    whole = Roster(version=2, persons=(ANNE, BO))
    server.answer = gateway_with({0: whole, 2: Roster(version=3, since=2, removed=("bo",))})
    one = service(tmp_path, server.url)
    assert one.step() == [whole]
    one.wake()
    assert one.step() == [Roster(version=3, persons=(ANNE,))]
    one.wake()
    assert one.step() == [Roster(version=3, persons=(ANNE,))]
    assert server.asked[-1][2]["if-none-match"] == '"s-3"'
    one.close()
    assert RosterFile(tmp_path, "gate").load().roster.persons == (ANNE,)


@pytest.mark.parametrize(
    ("etag", "mark"), [(f'"{"ab" * 16}"', "ab" * 16), (f'W/"{"ab" * 16}"', "ab" * 16), ('"s-2"', ""), ("", "")]
)
def test_the_mark_of_what_is_held_is_said_also_after_a_restart(
    server: Server, tmp_path: Path, etag: str, mark: str
) -> None:
    server.answer = lambda _method, _path: (200, {"ETag": etag}, msgspec.json.encode(Roster(version=2)))
    one = service(tmp_path, server.url)
    assert one.mark == ""
    one.step()
    assert one.mark == mark
    one.close()
    again = service(tmp_path, server.url)
    assert again.mark == mark
    again.close()


@pytest.mark.parametrize(
    ("said", "issued"),
    [("2026-03-01T00:00:00.000Z", MARCH), ("2026-05-01T00:00:00.000Z", APRIL), ("", APRIL), ("spring", APRIL)],
    ids=["earlier: its clock was ahead", "later", "by an older gateway", "no time"],
)
def test_a_gateway_whose_clock_was_ahead_says_so_also_where_the_roster_did_not_change(
    server: Server, tmp_path: Path, said: str, issued: datetime
) -> None:
    server.answer = gateway_with({0: Roster(version=2, persons=(ANNE,), issued=APRIL)})
    one = service(tmp_path, server.url)
    one.step()
    server.answer = lambda _method, _path: (304, {ISSUED: said} if said else {}, b"")
    one.wake()
    right = Roster(version=2, persons=(ANNE,), issued=issued)
    assert one.step() == [right]
    one.close()
    assert RosterFile(tmp_path, "gate").load() == Stored('"s-2"', right)


class Paged:
    """A gateway that tells a whole roster two people a page."""

    def __init__(self, *people: Person) -> None:
        self.people = people
        self.etag = f'"{"a1" * 16}"'
        self.since: tuple[int, dict[str, str], bytes] = (304, {}, b"")

    def __call__(self, _method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        asked = dict(parse_qsl(path.partition("?")[2], keep_blank_values=True))
        if "since" in asked:
            return self.since
        if asked["after"] and asked["run"] != self.etag.strip('"'):
            return 409, {}, b""
        left = [person for person in self.people if person.id > asked["after"]]
        more = left[1].id if len(left) > 2 else ""
        page = Roster(version=2, persons=tuple(left[:2]), next=more)
        return 200, {"ETag": self.etag}, msgspec.json.encode(page)


DORA, EMIL = Person(id="dora"), Person(id="emil")


def test_a_roster_that_comes_in_pages_is_used_when_it_is_complete(server: Server, tmp_path: Path) -> None:
    told = Paged(ANNE, BO, CHEN, DORA, EMIL)
    server.answer = told
    one = service(tmp_path, server.url)
    for _ in range(3):
        assert one.step() == []
        assert one.version == 0
    news = Roster(version=4, since=2, persons=(Person(id="fay"),), removed=("anne",))
    told.since = (200, {"ETag": f'"{"b2" * 16}"'}, msgspec.json.encode(news))
    (used,) = one.step()
    assert [person.id for person in used.persons] == ["bo", "chen", "dora", "emil", "fay"]
    assert (one.version, one.mark) == (4, "b2" * 16)
    one.close()
    assert RosterFile(tmp_path, "gate").load().roster == used


def test_a_page_that_is_lost_is_asked_for_again_and_no_other(server: Server, tmp_path: Path) -> None:
    told = Paged(ANNE, BO, CHEN)
    server.answer = told
    one = service(tmp_path, server.url)
    one.step()
    server.answer = lambda _method, _path: (503, {}, b"")
    one.wake()
    with pytest.raises(LinkLost):
        one.step()
    server.answer = told
    one.open()
    assert one.step() == []
    assert [len(each.persons) for each in one.step()] == [3]
    one.close()
    pages = [dict(parse_qsl(path.partition("?")[2], keep_blank_values=True)) for _, path, _, _ in server.asked]
    assert [page["after"] for page in pages] == ["", "bo", "bo", ""]


def test_pages_of_a_roster_that_is_not_known_any_more_are_begun_anew(server: Server, tmp_path: Path) -> None:
    told = Paged(ANNE, BO, CHEN)
    server.answer = told
    one = service(tmp_path, server.url)
    one.step()
    told.etag, told.people = f'"{"c3" * 16}"', (BO, CHEN, DORA)
    with pytest.raises(LinkLost, match="409"):
        one.step()
    one.open()
    assert one.step() == one.step() == []
    assert [person.id for person in one.step()[0].persons] == ["bo", "chen", "dora"]
    one.close()


def test_pages_of_two_rosters_are_never_one(server: Server, tmp_path: Path) -> None:
    told = Paged(ANNE, BO, CHEN)
    server.answer = told
    one = service(tmp_path, server.url)
    one.step()
    server.answer = lambda _method, _path: (200, {"ETag": '"other"'}, msgspec.json.encode(Roster(version=2)))
    with pytest.raises(LinkLost, match="another roster"):
        one.step()
    assert one.version == 0
    one.close()


def test_what_is_no_roster_leaves_the_old_one_in_use(server: Server, tmp_path: Path) -> None:
    server.answer = gateway_with({0: Roster(version=2, persons=(ANNE,))})
    one = service(tmp_path, server.url)
    one.step()
    server.answer = lambda method, path: (200, {}, json.dumps({"version": "many"}).encode())
    one.wake()
    with pytest.raises(LinkLost, match="not a roster"):
        one.step()
    assert one.roster.persons == (ANNE,)
    one.close()


def test_the_stored_roster_is_unreadable_without_its_key_and_for_another_node(tmp_path: Path) -> None:
    file = RosterFile(tmp_path, "gate")
    stored = Stored("e", Roster(version=7, persons=(ANNE,)))
    file.save(stored)
    assert file.load() == stored
    assert b"anne" not in (tmp_path / "roster.sealed").read_bytes()
    assert (tmp_path / "roster.key").stat().st_mode & 0o777 == 0o600
    assert RosterFile(tmp_path, "other").load() == Stored()
    (tmp_path / "roster.key").unlink()
    assert file.load() == Stored()


def test_a_roster_of_many_pieces_comes_back_and_none_can_be_left_out_or_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhian_edge.delivery.roster_file.PIECE", 1)
    file, path = RosterFile(tmp_path, "gate"), tmp_path / "roster.sealed"
    stored = Stored("e", Roster(version=7, persons=(ANNE, BO, DORA, EMIL)))
    file.save(stored)
    assert file.load() == stored
    whole = path.read_bytes()
    size = _last(whole)  # and that of the one before: one person each
    for other in (whole[:-size], whole[: -2 * size] + whole[-size:] + whole[-2 * size : -size]):
        path.write_bytes(other)
        assert file.load() == Stored()


def _last(sealed: bytes) -> int:
    """How long the last piece is, with what stands before it."""
    at = len(b"zhian roster 2\n") + 16
    while True:
        length = 4 + 12 + int.from_bytes(sealed[at : at + 4], "big")
        if at + length == len(sealed):
            return length
        at += length


def test_the_file_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    file, stored = RosterFile(tmp_path, "gate"), Stored('"s-7"', Roster(version=7, persons=(ANNE,)))
    file.save(Stored())
    key, nonce = (tmp_path / "roster.key").read_bytes(), bytes(12)
    sealed = AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(stored), b"zhian roster 1 gate")
    (tmp_path / "roster.sealed").write_bytes(nonce + sealed)
    assert file.load() == stored


def test_a_changed_file_is_not_trusted(tmp_path: Path) -> None:
    file = RosterFile(tmp_path, "gate")
    file.save(Stored("e", Roster(version=7, persons=(ANNE,))))
    sealed = bytearray((tmp_path / "roster.sealed").read_bytes())
    sealed[-1] ^= 1
    (tmp_path / "roster.sealed").write_bytes(sealed)
    assert file.load() == Stored()


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = RosterFile(tmp_path, "gate")
    file.save(Stored())
    (tmp_path / "roster.key").chmod(0o644)
    with pytest.raises(BadSecret, match="chmod 600"):
        file.load()


def test_a_revoked_node_knows_nobody_any_more(server: Server, tmp_path: Path) -> None:
    server.answer = gateway_with({0: Roster(version=2, persons=(ANNE,))})
    one = service(tmp_path, server.url)
    one.step()
    one.forget()
    assert one.roster.persons == ()
    assert not (tmp_path / "roster.sealed").exists()
    assert not (tmp_path / "roster.key").exists()
    one.close()


@pytest.mark.parametrize(
    ("status", "body", "revoked"),
    [(410, b"", 1), (403, b'{"error": {"code": "revoked", "message": "m"}}', 1), (403, b"", 0), (401, b"", 0)],
)
def test_a_node_forgets_everybody_when_the_gateway_says_that_it_is_revoked(
    server: Server, tmp_path: Path, status: int, body: bytes, revoked: int
) -> None:
    told: list[int] = []
    one = service(tmp_path, server.url, revoked=lambda: told.append(1))
    server.answer = lambda method, path: (status, {}, body)
    with pytest.raises(LinkRefused):
        one.step()
    assert len(told) == revoked
    one.close()


def test_a_roster_that_was_forgotten_while_it_was_fetched_is_not_kept(server: Server, tmp_path: Path) -> None:
    one = service(tmp_path, server.url)

    def forgotten_meanwhile(_method: str, _path: str) -> tuple[int, dict[str, str], bytes]:
        one.forget()
        return 200, {"ETag": "e"}, msgspec.json.encode(Roster(version=2, persons=(ANNE,)))

    server.answer = forgotten_meanwhile
    assert one.step() == []
    assert one.roster.persons == ()
    assert not (tmp_path / "roster.sealed").exists()
    one.close()


def test_while_a_whole_roster_is_fetched_instead_of_a_delta_the_old_one_stays_in_use(
    server: Server, tmp_path: Path
) -> None:
    whole = Roster(version=2, persons=(ANNE,))
    server.answer = gateway_with({0: whole, 2: Roster(version=9, since=7)})
    one = service(tmp_path, server.url)
    one.step()
    one.wake()
    assert one.step() == []
    assert one.roster == whole
    assert one.step() == [whole]
    assert "since" not in server.asked[-1][1]
    one.close()
