"""Tries what a gateway needs, one thing after the other, whether or not it runs, and says what to do."""

from __future__ import annotations

import os
import queue
import ssl
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy.exc import DatabaseError

from ..authority.office import has_authority, open_authority, read_roots
from ..config_types import Config, address_of
from ..errors import AuthorityError, ConfigError, GatewayError, PicturesAway
from ..moments import wall_clock
from ..notices.checking import check_files, unsent
from ..outbound import is_public
from ..rules.rule_files import ruleset_of
from ..services import Services, open_services
from ..store import audit
from ..tokens import new_secret
from .asking import PATIENCE_S, url_of
from .facts import disk_of
from .health import Check, judge_disk
from .token import own_token


class _Told(msgspec.Struct):
    """What the running gateway says of itself."""

    items: list[Check]


def examine(config: Config, path: Path) -> Iterator[Check]:
    """Every finding, as soon as it is known.

    Args:
        path: the configuration file, whose rights are looked at.
    """
    yield from _configuration(config, path)
    yield from _authority(config, path)
    yield judge_disk(disk_of(Path(config.store.home)))
    try:
        parts = open_services(config, publish=lambda *_: None)
    except GatewayError as error:
        yield Check("store", "fail", str(error), "see docs/operate.md, Backup and restore")
        return
    except DatabaseError as error:
        yield _damaged(error)
        return
    try:
        yield from _store(parts)
        yield from _gateway(parts)
    except DatabaseError as error:
        yield _damaged(error)
    finally:
        parts.store.close()


def _configuration(config: Config, path: Path) -> Iterator[Check]:
    faults = [str(error) for look in (ruleset_of, check_files) if (error := _refusal(look, config))]
    for fault in faults:
        yield Check("configuration", "fail", fault, "the gateway does not start before this is mended")
    addresses = [place for one in config.response.contacts for place in (one.address, *one.further)]
    if path.stat().st_mode & 0o077 and any("://" in place for place in addresses):
        advice = f"chmod 600 {path}: the addresses of contacts hold secrets"
        yield Check("configuration", "warn", f"others on this machine may read {path}", advice)
    elif not faults:
        yield Check("configuration", "ok", str(path))
    for host in sorted({host for place in addresses if (host := _private(place))} - {*config.outbound.private_hosts}):
        what = f"{host} is not a public address, so contacts that are told there are told nothing"
        yield Check("contacts", "warn", what, f'[outbound] private_hosts = ["{host}"] allows it')
    for account, routes in unsent(config):
        # What is not critical may be meant to go by cheaper ways.
        if critical := [each for each, route in routes.items() if route.critical]:
            what = f"[[notices.sms]] {account} has no template for {', '.join(critical)}"
            yield Check("notices", "warn", what, "who is told by text message alone is not told of these")


def _refusal(look: Callable[[Config], object], config: Config) -> ConfigError | None:
    try:
        look(config)
    except ConfigError as error:
        return error
    return None


def _private(place: str) -> str:
    """The host of a contact's address, where it is a number that is not public; names are looked up when it is used."""
    try:
        host = urlsplit(place).hostname or ""
        return "" if is_public(ip_address(host)) else host
    except ValueError:
        return ""


def _authority(config: Config, path: Path) -> Iterator[Check]:
    if config.authority is None:
        return
    home = Path(config.authority.home)
    advice = f"zhian-gateway authority init -c {path}; then back up its key, apart from the database"
    try:
        if has_authority(home):
            read_roots(home)
            yield Check("authority", "ok", str(home))
        else:
            yield Check("authority", "warn", f"there is none yet in {home}: no node can join", advice)
    except AuthorityError as error:
        yield Check("authority", "fail", str(error), "see docs/operate.md, What happens when ...")


def _store(parts: Services) -> Iterator[Check]:
    yield Check("store", "ok", f"site {parts.site}, store {parts.store.store_id}")
    with parts.store.read() as link:
        if link.dialect.name == "sqlite":
            found = [row[0] for row in link.exec_driver_sql("PRAGMA quick_check(3)")]
            if found != ["ok"]:
                yield Check("database", "fail", "; ".join(found), "restore the last backup: docs/operate.md")
                return
            yield Check("database", "ok", "every page is in order")
        fault = audit.first_fault(link)
    if fault is None:
        yield Check("audit", "ok", "the chain is whole")
    else:
        yield Check("audit", "fail", f"entry {fault} is changed or missing", "somebody wrote into the database")
    yield _pictures(parts)


def _damaged(error: DatabaseError) -> Check:
    return Check("database", "fail", f"cannot be read: {error.orig}", "restore the last backup: docs/operate.md")


def _pictures(parts: Services) -> Check:
    bucket, folder = parts.config.store.pictures, parts.config.store.picture_folder
    if bucket:
        try:
            parts.pictures.older("evidence", 0, 0)
        except PicturesAway as error:
            return Check("pictures", "fail", f"{bucket}: {error}", "look after the bucket and the keys to it")
        return Check("pictures", "ok", bucket)
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        return Check("pictures", "fail", f"{folder} cannot be written", "give it to the gateway's user")
    return Check("pictures", "ok", str(folder))


def _gateway(parts: Services) -> Iterator[Check]:
    """What the running gateway says; where none runs, whether the broker could be reached."""
    url = url_of(parts)
    headers = {"Authorization": f"Bearer {own_token(parts.store.key)}"}
    try:
        answer = httpx.get(f"{url}/health/checks", headers=headers, timeout=PATIENCE_S, trust_env=False)
    except httpx.HTTPError as error:
        yield Check(
            "gateway", "fail", f"{url} does not answer: {type(error).__name__}", "systemctl start zhian-gateway"
        )
        for broker in parts.config.broker.urls:
            yield _broker(parts.config, broker)
        return
    if answer.status_code != 200:
        yield Check("gateway", "fail", f"{url} answered {answer.status_code}", "is it another site's gateway?")
        return
    yield Check("gateway", "ok", f"runs at {url}")
    yield from msgspec.json.decode(answer.content, type=_Told).items


def _broker(config: Config, broker: str) -> Check:
    """A connection of its own; under the gateway's client id it would throw a running one out."""
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()
    client = Client(CallbackAPIVersion.VERSION2, client_id=f"doctor-{new_secret()}")
    client.on_connect = lambda _c, _d, _f, reason, _p: answers.put(str(reason) if reason.is_failure else "")
    client.on_connect_fail = lambda _c, _d: answers.put("nothing listens there, or not by TLS")
    host, port = address_of(broker)
    try:
        _prepare(client, config)
        client.connect_async(host, port, keepalive=10)
        client.loop_start()
        fault = answers.get(timeout=PATIENCE_S)
    except queue.Empty:
        fault = f"no answer within {PATIENCE_S:.0f} s"
    except (OSError, ValueError, GatewayError) as error:
        fault = str(error)
    finally:
        client.loop_stop()
        client.disconnect()
    if fault:
        return Check("broker", "fail", f"{broker}: {fault}", "is it running, and does it know the gateway?")
    return Check("broker", "ok", f"{broker}: connected")


def _prepare(client: Any, config: Config) -> None:
    if config.broker.user:
        client.username_pw_set(config.broker.user, config.broker.password())
    if config.broker.secure and config.authority is not None:
        home = Path(config.authority.home)
        if not has_authority(home):
            # To look must not make one.
            raise AuthorityError("not tried: there is no authority yet")
        office = open_authority(home, config.site.id, wall_clock())
        context: ssl.SSLContext = office.trusting(config.authority.names, wall_clock())
        client.tls_set_context(context)
