"""Templates, pictures and secrets lie sealed; the key is elsewhere, can be changed, and its loss is said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, select, text
from support.gateway import write_config
from support.people import JPEG, ground, person_file, some_face
from support.stores import Stores
from zhian_gateway import sealing
from zhian_gateway.config import load
from zhian_gateway.errors import KeyFault, NotFound, Unsealable
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.people import rosters
from zhian_gateway.police import subscribers
from zhian_gateway.services import Services, open_services
from zhian_gateway.store import keyfile, resealing
from zhian_gateway.store import tables as t
from zhian_gateway.store.resealing import sealed_columns
from zhian_gateway.store.sealed import SealedBytes
from zhian_gateway.store.tables import metadata
from zhian_gateway.store.vault import HEAD_BYTES, MAGIC, Vault, is_sealed

SHA = hashlib.sha256(JPEG).hexdigest()


def opened(folder: Path, clock: Any = None) -> Services:
    more = {} if clock is None else {"clock": clock}
    return open_services(load(write_config(folder, "mqtt://127.0.0.1:1")), publish=lambda *_: None, **more)


def filled(parts: Services) -> None:
    """Somebody with templates and a portrait, a crop, and a subscriber with a secret."""
    with parts.store.write() as link:
        parts.registry.enrol(
            link, "a", person_file(name="王小明"), ground(), some_face(), who="t", now="2026-01-01T00:00:00.000Z"
        )
        subscribers.add(
            link,
            site="school",
            name="station",
            ground="g",
            webhook="http://x.example",
            who="t",
            now="2026-01-01T00:00:00.000Z",
        )
    parts.pictures.keep_portrait(JPEG)
    parts.pictures.keep(SHA, JPEG)


def plain(parts: Services) -> tuple[object, ...]:
    """What whoever may look sees."""
    with parts.store.read() as link:
        (person,) = rosters.build(link, since=0, now="2026-03-02T08:00:00.000Z").persons
        secret = link.execute(select(t.subscribers.c.secret)).scalar_one()
    return person.templates, secret, parts.pictures.read(SHA), parts.pictures.read_portrait(SHA)


def raw(parts: Services) -> dict[str, bytes]:
    """What lies on the disk."""
    found = {str(path): path.read_bytes() for path in parts.config.store.picture_folder.rglob("*") if path.is_file()}
    with parts.store.read() as link:
        for row in link.execute(text("SELECT id, vector FROM templates")):
            found[f"template {row.id}"] = row.vector
        (secret,) = link.execute(text("SELECT secret FROM subscribers")).scalars()
    return found | {"secret": secret.encode()}


def unsealed(parts: Services, folder: Path) -> None:
    """Put everything as a version wrote it that knew no seals."""
    templates, secret, crop, portrait = plain(parts)
    for kind, data in (("evidence", crop), ("portraits", portrait)):
        (parts.config.store.picture_folder / kind / SHA[:2] / SHA).write_bytes(data)  # type: ignore[arg-type]
    with parts.store.write() as link:
        for number, one in enumerate(templates, 1):  # type: ignore[arg-type, var-annotated]
            link.execute(text("UPDATE templates SET vector = :v WHERE id = :i"), {"v": one.vector, "i": number})
        link.execute(text("UPDATE subscribers SET secret = :s"), {"s": secret})
        link.execute(text("DELETE FROM vault_keys"))
    parts.store.close()
    (folder / "gateway" / "vault.key").unlink()


def finish(parts: Services) -> sealing.Sealed:
    (*_, last) = sealing.seal_anew(parts, who="test")
    return last


@pytest.fixture
def parts(tmp_path: Path, storage: Stores, clock: Any) -> Iterator[Services]:
    services = opened(tmp_path, clock)
    filled(services)
    yield services
    services.store.close()


def test_nothing_of_a_face_or_a_secret_lies_readable(parts: Services) -> None:
    templates, secret, crop, _ = plain(parts)
    assert crop == JPEG
    disk = raw(parts)
    assert all(is_sealed(value) for name, value in disk.items() if name != "secret")
    files = b"".join(path.read_bytes() for path in Path(parts.config.store.home).glob("gateway.db*"))
    for needle in (JPEG, str(secret).encode(), templates[0].vector):  # type: ignore[index]
        assert not any(needle in value for value in (*disk.values(), files))


def test_the_key_is_not_in_the_database_and_nobody_elses_to_read(parts: Services) -> None:
    file = parts.store.vault.path
    assert file.stat().st_mode & 0o077 == 0
    (key,) = keyfile.read(file)
    database = b"".join(path.read_bytes() for path in Path(parts.config.store.home).glob("gateway.db*"))
    assert key.secret not in database
    assert key.secret.hex().encode() not in database


def test_the_name_of_a_picture_is_the_hash_of_the_picture_itself(parts: Services) -> None:
    file = parts.config.store.picture_folder / "evidence" / SHA[:2] / SHA
    assert file.read_bytes() != JPEG
    assert hashlib.sha256(parts.pictures.read(SHA)).hexdigest() == SHA


@pytest.mark.parametrize("harm", ["one bit", "cut", "another's", "plain but another"])
def test_a_picture_that_was_tampered_with_is_not_shown(parts: Services, harm: str) -> None:
    other = hashlib.sha256(JPEG + b"x").hexdigest()
    parts.pictures.keep(other, JPEG + b"x")
    folder = parts.config.store.picture_folder / "evidence"
    file = folder / SHA[:2] / SHA
    data = file.read_bytes()
    harmed = {
        "one bit": data[:-1] + bytes([data[-1] ^ 1]),
        "cut": data[:14],
        "another's": (folder / other[:2] / other).read_bytes(),
        "plain but another": JPEG + b"x",
    }
    file.write_bytes(harmed[harm])
    with pytest.raises(Unsealable):
        parts.pictures.read(SHA)


def test_what_an_older_version_wrote_is_read_and_sealed_by_the_running_gateway(
    parts: Services, tmp_path: Path, clock: Any
) -> None:
    before = plain(parts)
    unsealed(parts, tmp_path)
    again = opened(tmp_path, clock)
    assert plain(again) == before
    keeper = Housekeeping(again)
    while keeper.step():
        pass
    assert plain(again) == before
    assert all(is_sealed(value) or name == "secret" for name, value in raw(again).items())
    assert raw(again)["secret"].startswith(b"zs1:")
    assert not sealing.is_pending(again)
    again.store.close()


@pytest.mark.parametrize("killed_after", range(6))
def test_a_rotation_that_is_killed_anywhere_is_ended_by_the_next(
    parts: Services, tmp_path: Path, clock: Any, killed_after: int
) -> None:
    finish(parts)
    before, (first,) = plain(parts), parts.store.vault.keys
    second = sealing.begin(parts, who="test")
    steps = sealing.seal_anew(parts, who="test")
    for _ in range(killed_after):
        next(steps, None)
    steps.close()
    again = opened(tmp_path, clock)
    assert plain(again) == before
    if sealing.is_pending(again):
        assert sealing.begin(again, who="test") == second
        assert finish(again).done
    assert [key.id for key in keyfile.read(again.store.vault.path)] == [second]
    assert plain(again) == before
    assert not any(bytes.fromhex(first.id) in value[:12] for value in raw(again).values())
    again.store.close()


#: What is given to columns that are not sealed, by the kind of their values.
GIVEN = {str: "2026-03-02T08:00:00.000Z", int: 1, float: 1.0, bool: True, bytes: b"x"}
#: Rows of other tables that a sealed row belongs to.
BEFORE = (t.users, t.people, t.carers, t.carer_sessions)
SEALED = {table: columns for table in metadata.sorted_tables if (columns := sealed_columns(table))}


def words_of(table: Table) -> dict[str, str | bytes]:
    """A word for each sealed column of a table."""
    words = {column.name: f"{table.name}.{column.name}" for column in sealed_columns(table)}
    return {
        name: word.encode() if isinstance(table.c[name].type, SealedBytes) else word for name, word in words.items()
    }


def row_of(table: Table) -> dict[str, object]:
    plain = [column for column in table.columns if column not in sealed_columns(table)]
    return {column.name: GIVEN[column.type.python_type] for column in plain} | words_of(table)


@pytest.fixture
def sealed(tmp_path: Path, storage: Stores, clock: Any) -> Iterator[Services]:
    """A gateway with one row in each table that has sealed columns."""
    services = opened(tmp_path, clock)
    finish(services)
    with services.store.write() as link:
        for table in dict.fromkeys((*BEFORE, *SEALED)):
            link.execute(table.insert().values(row_of(table)))
    yield services
    services.store.close()


def words_in(parts: Services) -> dict[str, Any]:
    """What is read in the sealed columns of each table."""
    with parts.store.read() as link:
        return {table.name: dict(link.execute(select(*columns)).one()._mapping) for table, columns in SEALED.items()}


def test_every_sealed_column_of_every_table_survives_a_rotation(sealed: Services) -> None:
    (former,) = sealed.store.vault.keys
    key = sealing.begin(sealed, who="test")
    found = finish(sealed)
    assert [one.id for one in sealed.store.vault.keys] == [key] != [former.id]
    assert (found.done, found.damaged, found.templates) == (True, (), 1)
    assert found.secrets == sum(len(columns) for columns in SEALED.values()) - 1
    assert words_in(sealed) == {table.name: words_of(table) for table in SEALED}


def test_a_rotation_goes_over_more_rows_than_one_transaction_seals(
    sealed: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    with sealed.store.write() as link:
        link.execute(t.visits.insert(), [row_of(t.visits) | {"id": number} for number in range(2, 7)])
        # Nobody can open these any more; the others are sealed all the same.
        for number in (2, 3):
            link.execute(text("UPDATE visits SET name = 'zs1:@@' WHERE id = :id"), {"id": number})
    sealing.begin(sealed, who="test")
    assert finish(sealed).damaged == ("visitor 2", "visitor 3")
    with sealed.store.read() as link:
        rows = link.execute(select(t.visits.c.name, t.visits.c.plate).order_by(t.visits.c.id)).all()
    name, plate = (words_of(t.visits)[each] for each in ("name", "plate"))
    assert rows == [(name, plate), ("", plate), ("", plate), (name, plate), (name, plate), (name, plate)]


def test_a_value_whose_key_is_gone_is_named_and_comes_back_with_the_key(sealed: Services) -> None:
    file, (first,) = sealed.store.vault.path, sealed.store.vault.keys
    with sealed.store.read() as link:
        lying = link.execute(text("SELECT name FROM visits")).scalar_one()
    sealing.begin(sealed, who="test")
    finish(sealed)
    with sealed.store.write() as link:
        link.execute(text("UPDATE visits SET name = :lying"), {"lying": lying})
    assert words_in(sealed)["visits"] == words_of(t.visits) | {"name": ""}
    sealing.begin(sealed, who="test")
    assert finish(sealed).damaged == ("visitor 1",)
    keyfile.write(file, (*keyfile.read(file), first))
    assert words_in(sealed)["visits"] == words_of(t.visits)


def test_a_key_file_that_was_exchanged_is_not_taken_for_damage(sealed: Services) -> None:
    keyfile.write(sealed.store.vault.path, (keyfile.new_key(),))
    with pytest.raises(KeyFault, match="nor any that it held"):
        words_in(sealed)


def test_a_gateway_that_runs_takes_up_the_new_key_at_once(parts: Services, tmp_path: Path, clock: Any) -> None:
    finish(parts)
    other = opened(tmp_path, clock)
    key = sealing.begin(other, who="test")
    assert finish(other).done
    fresh = JPEG + b"fresh"
    sha = hashlib.sha256(fresh).hexdigest()
    parts.pictures.keep(sha, fresh)
    stored = (parts.config.store.picture_folder / "evidence" / sha[:2] / sha).read_bytes()
    assert stored[len(MAGIC) : len(MAGIC) + 4].hex() == key
    assert plain(parts)[2] == JPEG
    other.store.close()


@pytest.mark.parametrize("fault", ["torn", "another key", "gone"])
def test_a_picture_that_cannot_be_opened_is_mended_by_whoever_brings_it_again(parts: Services, fault: str) -> None:
    path = parts.config.store.picture_folder / "evidence" / SHA[:2] / SHA
    if fault == "gone":
        path.unlink()
    else:
        path.write_bytes(b"torn" if fault == "torn" else MAGIC + b"\xff" * (HEAD_BYTES - len(MAGIC) + 40))
    with pytest.raises((NotFound, Unsealable)):
        parts.pictures.read(SHA)
    assert parts.pictures.keep(SHA, JPEG) == "image/jpeg"
    assert parts.pictures.read(SHA) == JPEG
    mended = path.read_bytes()
    parts.pictures.keep(SHA, JPEG)
    assert path.read_bytes() == mended


def test_a_damaged_template_is_named_and_does_not_stop_the_rest(parts: Services) -> None:
    finish(parts)
    with parts.store.write() as link:
        link.execute(text("UPDATE templates SET vector = substr(vector, 1, 40) WHERE id = 1"))
    sealing.begin(parts, who="test")
    found = finish(parts)
    assert (found.damaged, found.templates, found.pictures, found.done) == (("template 1",), 1, 2, True)


def test_a_damaged_template_or_secret_keeps_nobody_from_reading_the_others(parts: Services) -> None:
    with parts.store.write() as link:
        link.execute(text("UPDATE templates SET vector = substr(vector, 1, 40) WHERE id = 1"))
        link.execute(text("UPDATE subscribers SET secret = 'zs1:@@'"))
    templates, secret, *_ = plain(parts)
    assert ([one.vector for one in templates], secret) == ([some_face().templates[1]], "")  # type: ignore[attr-defined]
    assert finish(parts).damaged == ("webhook secret station",)
    assert raw(parts)["secret"] == b"zs1:@@"


@pytest.mark.parametrize("fault", ["missing", "another", "damaged", "empty", "open to others"])
def test_without_its_key_nothing_opens_nothing_is_lost_and_it_is_said_why(
    parts: Services, tmp_path: Path, fault: str
) -> None:
    before = plain(parts)
    parts.store.close()
    file = tmp_path / "gateway" / "vault.key"
    right = file.read_bytes()
    if fault == "missing":
        file.unlink()
    elif fault == "another":
        file.unlink()
        keyfile.create(file)
    elif fault == "damaged":
        file.write_bytes(right[:-9] + b"00000000\n")
    elif fault == "empty":
        file.write_bytes(b"")
    else:
        file.chmod(0o644)
    with pytest.raises(KeyFault, match=r"vault\.key"):
        opened(tmp_path)
    file.unlink(missing_ok=True)
    file.touch(0o600)
    file.write_bytes(right)
    again = opened(tmp_path)
    assert plain(again) == before
    again.store.close()


def test_the_key_file_may_lie_elsewhere(tmp_path: Path) -> None:
    path = write_config(tmp_path / "etc", "mqtt://127.0.0.1:1")
    path.write_text(path.read_text(encoding="utf-8").replace("[store]", '[store]\nkey_file = "../stick/site.key"'))
    parts = open_services(load(path), publish=lambda *_: None)
    assert (tmp_path / "stick" / "site.key").is_file()
    assert not (tmp_path / "etc" / "gateway" / "vault.key").exists()
    parts.store.close()


def test_withdrawn_pictures_do_not_come_back_by_a_rotation(parts: Services) -> None:
    finish(parts)
    sealing.begin(parts, who="test")
    parts.pictures.delete([SHA])
    finish(parts)
    with pytest.raises(NotFound):
        parts.pictures.read(SHA)


def test_rotations_are_in_the_audit_without_the_key(parts: Services) -> None:
    finish(parts)
    sealing.begin(parts, who="cli:zhian")
    finish(parts)
    (key,) = parts.store.vault.keys
    with parts.store.read() as link:
        rows = link.execute(select(t.audit).where(t.audit.c.action.like("keys.%")).order_by(t.audit.c.id)).all()
    assert [row.action for row in rows] == ["keys.sealed", "keys.begin", "keys.sealed"]
    assert key.secret.hex() not in json.dumps([list(row) for row in rows])


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    folder = tmp_path_factory.mktemp("vault")
    keyfile.create(folder / "vault.key")
    return Vault(folder / "vault.key", folder / "vault.lock")


@given(st.binary(max_size=2000), st.text(max_size=20), st.text(max_size=20))
def test_what_is_sealed_opens_as_what_it_was_and_as_nothing_else(
    vault: Vault, plain: bytes, about: str, other: str
) -> None:
    sealed = vault.seal(plain, about)
    assert vault.open(sealed, about) == plain
    # The head is the same for everything, and no secret.
    assert len(plain) < 4 or plain not in sealed[HEAD_BYTES:]
    if other != about:
        with pytest.raises(Unsealable):
            vault.open(sealed, other)
