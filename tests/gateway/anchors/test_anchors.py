"""What vouches for the audit from outside its database: whoever cuts its end or makes it anew is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update
from structlog.testing import capture_logs
from support.gateway import GatewayProcess, write_config
from typer.testing import CliRunner
from zhian_gateway.anchors.keeping import Keeping, anchor_of, verify
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.errors import AnchorError
from zhian_gateway.services import Services, open_services
from zhian_gateway.store import audit, counters
from zhian_gateway.store.tables import audit as table
from zhian_gateway.store.tables import counters as counted


class Site:
    """A gateway's parts, whose clock moves when it is told to."""

    def __init__(self, folder: Path, clock: Any) -> None:
        self.config = write_config(folder, "mqtt://127.0.0.1:1", more="[audit]\nanchor = 'elsewhere/anchors'\n")
        self.parts: Services = open_services(load(self.config), publish=lambda *_: None, clock=clock)
        self.clock = clock
        self.keeping = Keeping(self.parts)
        self.file = anchor_of(self.parts.config)

    def act(self, times: int = 1) -> None:
        with self.parts.store.write() as link:
            for _ in range(times):
                audit.record(link, site="school", at=self.parts.now(), who="w", action="a")

    def later(self, seconds: float = 300) -> None:
        self.clock.forward(seconds)
        self.keeping.step()

    def tamper(self, how: Callable[[Connection], object]) -> None:
        with self.parts.store.write() as link:
            how(link)

    def chain_is_whole(self) -> bool:
        with self.parts.store.read() as link:
            return audit.first_fault(link) is None

    def faults(self, days: int = 1095) -> tuple[str, ...]:
        with self.parts.store.read() as link:
            return verify(link, self.file, days, self.parts.clock()).faults

    def command(self) -> tuple[int, str]:
        found = CliRunner().invoke(app, ["audit", "--verify", "--config", str(self.config)])
        return found.exit_code, found.output


@pytest.fixture
def site(tmp_path: Path, clock: Any) -> Iterator[Site]:
    one = Site(tmp_path, clock)
    one.act(4)
    one.keeping.step()
    yield one
    one.parts.store.close()


def cut_off(link: Connection) -> None:
    """The last two entries go, and the counter with them: in itself the chain is whole."""
    link.execute(delete(table).where(table.c.id > 4))
    link.execute(update(counted).where(counted.c.name == "audit").values(value=4))


def rewrite(link: Connection) -> None:
    """Somebody else did it all, and every hash is made anew."""
    rows = link.execute(select(table).order_by(table.c.id)).mappings().all()
    link.execute(delete(table))
    link.execute(update(counted).where(counted.c.name == "audit").values(value=0))
    for row in rows:
        audit.record(link, site=row["site"], at=row["at"], who="somebody else", action=row["action"])


def test_a_record_that_is_what_it_was_is_vouched_for(site: Site) -> None:
    site.act(2)
    site.later()
    site.act()
    assert site.faults() == ()
    code, said = site.command()
    assert code == 0
    assert f"{site.file.path} vouches for it up to entry 6, since 2026-03-02T08:05" in said


def test_a_mark_is_written_when_something_was_added_and_not_more_often(site: Site) -> None:
    for _ in range(3):
        site.later()
    assert len(site.file.lines()) == 1
    site.act()
    site.keeping.step()
    assert len(site.file.lines()) == 1
    site.later(301)
    assert [line.mark.entry for line in site.file.lines() if line.mark] == [4, 5]


def test_an_end_that_is_cut_off_shows(site: Site) -> None:
    site.act(2)
    site.later()
    site.tamper(cut_off)
    assert site.chain_is_whole()
    assert "the end was cut off, entries 5 to 6" in site.faults()[0]
    assert site.command()[0] == 1
    # Also after others have come in their place.
    site.act(3)
    assert site.chain_is_whole()
    assert "entries 5 to 6 are not those of 2026-03-02" in site.faults()[0]


def test_a_chain_that_was_made_anew_shows(site: Site) -> None:
    site.tamper(rewrite)
    assert site.chain_is_whole()
    assert "entries 1 to 4 are not those of" in site.faults()[0]
    code, said = site.command()
    assert code == 1
    assert "rewritten" in said


def test_the_running_gateway_says_so_by_itself(site: Site) -> None:
    site.tamper(rewrite)
    site.act()
    with capture_logs() as said:
        site.later()
    assert [one["entry"] for one in said if one["event"] == "audit.rewritten"] == [4]
    # And so does one that was off meanwhile.
    site.tamper(rewrite)
    with capture_logs() as said:
        Keeping(site.parts).step()
    assert "audit.rewritten" in [one["event"] for one in said]


def test_each_mark_also_goes_to_the_log_with_its_signature(site: Site) -> None:
    site.act()
    with capture_logs() as said:
        site.later()
    (line,) = [one["line"] for one in said if one["event"] == "audit.anchored"]
    assert line == site.file.path.read_text().splitlines()[-1]
    assert '"signature":"' in line


def test_the_beginning_goes_when_its_days_are_over_and_not_before(site: Site) -> None:
    def cut(link: Connection) -> None:
        audit.cut(link, 2, site="school", now=site.parts.now())

    site.later(100 * 86400)
    site.act(2)
    site.later()
    site.tamper(cut)
    assert site.faults(99) == ()
    site.tamper(lambda link: audit.cut(link, 5, site="school", now=site.parts.now()))
    assert "earlier than audit_days (1095 days) has it" in site.faults(1095)[0]
    assert "for ever" in site.faults(0)[0]


@pytest.mark.parametrize("marked", [True, False])
def test_a_beginning_that_is_cut_off_shows_however_the_cut_is_dated(site: Site, marked: bool) -> None:
    """Who may write to the database also writes the entry that says when older ones were deleted."""
    site.act(2)
    site.later()
    site.tamper(lambda link: audit.cut(link, 5, site="school", now="2099-01-01T00:00:00.000Z"))
    if marked:
        site.later()
    site.act()
    site.clock.forward(400)
    assert site.chain_is_whole()
    dated, early = site.faults()
    assert "entry 7, which says that older ones were deleted, is dated 2099-01-01T00:00:00.000Z" in dated
    assert "entries up to 5 were deleted" in early
    # Also once the clock has come to the date: the mark says when it was there.
    if marked:
        site.later(80 * 365 * 86400)
        assert len(site.faults()) == 2


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: [lines[0].replace(b'"entry":4', b'"entry":3'), *lines[1:]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[0], lines[1].replace(b"A", b"B"), lines[2]],
        lambda lines: [lines[0], lines[1], lines[2].replace(b"08:", b"09:")],
        lambda lines: [lines[0], lines[1], b"nothing"],
        lambda lines: [lines[2], lines[1], lines[0]],
        lambda _: [],
    ],
)
def test_an_anchor_that_somebody_changed_shows(site: Site, harm: Callable[[list[bytes]], list[bytes]]) -> None:
    for _ in range(2):
        site.act()
        site.later()
    lines = site.file.path.read_bytes().splitlines()
    assert len(lines) == 3 and site.faults() == ()
    changed = harm(lines)
    site.file.path.write_bytes(b"".join(line + b"\n" for line in changed))
    # Whoever changes the first one alone takes away what vouches for it, and no more.
    assert site.faults() or changed[1:] == lines[1:]


def test_an_anchor_that_is_gone_shows(site: Site) -> None:
    site.file.path.unlink()
    assert "was there and cannot be read" in site.faults()[0]
    assert site.command()[0] == 1


def test_half_a_line_of_a_power_cut_is_passed_over(site: Site) -> None:
    with site.file.path.open("ab") as file:
        file.write(b'{"kind":"he')
    assert site.faults() == ()
    site.act()
    site.later()
    assert [line.mark.entry for line in site.file.lines() if line.mark] == [4, 5]
    assert site.faults() == ()


def test_before_the_first_mark_nothing_is_claimed(tmp_path: Path, clock: Any) -> None:
    site = Site(tmp_path, clock)
    site.act()
    code, said = site.command()
    assert code == 0
    assert "nothing outside the database vouches for it yet" in said
    site.parts.store.close()


def test_a_key_that_others_may_read_is_not_used(site: Site) -> None:
    site.parts.config.store.keys.with_name("audit.key").chmod(0o644)
    with pytest.raises(AnchorError, match="chmod 600"):
        site.keeping._file.lines()


def test_a_disk_that_takes_nothing_is_said_and_does_not_keep_the_gateway_from_ending(site: Site) -> None:
    site.file.path.unlink()
    site.file.path.mkdir()
    site.act()
    with pytest.raises(AnchorError, match="cannot be written"):
        site.later()
    with capture_logs() as said:
        site.keeping.close()
    assert [one["event"] for one in said] == ["audit.not_anchored"]


def test_what_sqlite_hashed_with_nul_is_whole_on_postgresql_too(site: Site) -> None:
    """Until NUL was kept out, it was hashed; PostgreSQL cannot hold it, and holds the sign that stands for it."""

    def as_before(link: Connection) -> None:
        number = counters.take(link, "audit")
        previous = link.execute(select(table.c.hash).where(table.c.id == number - 1)).scalar_one()
        entry = {"site": "school", "at": "t", "who": "w", "action": "a", "subject": "x\0y", "detail": ""}
        kept = entry | {"subject": "x\ufffdy"}
        hashed = audit.chain(previous, number, entry)
        link.execute(table.insert(), kept | {"id": number, "previous": previous, "hash": hashed})

    site.tamper(as_before)
    site.act()
    assert site.chain_is_whole()
    site.tamper(lambda link: link.execute(update(table).where(table.c.id == 5).values(subject="xy")))
    assert not site.chain_is_whole()


def test_a_gateway_leaves_a_last_mark_when_it_ends(gateway: GatewayProcess) -> None:
    with gateway.services() as parts, parts.store.write() as link:
        audit.record(link, site="school", at=parts.now(), who="w", action="a")
    assert gateway.stop() == 0
    with gateway.services() as parts, parts.store.read() as link:
        found = verify(link, anchor_of(parts.config), 0, parts.clock())
        assert found.faults == ()
        assert found.vouched is not None
        assert found.vouched.entry == counters.current(link, "audit")
