"""Reads a gateway's configuration and says what is wrong with it, by file, line and key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from .config_notices import Notices
from .config_types import Config
from .config_visitors import Visitors
from .errors import ConfigError
from .faults import converted, line_of
from .notices import checking as notices
from .typed_files import toml_text

#: Tables by which a node's configuration and a gateway's can be told apart.
NODES_ALONE: Final = {"node", "gateway", "readers", "barriers", "inputs", "recognition"}
OURS_ALONE: Final = {
    "listen",
    "broker",
    "store",
    "authority",
    "rules",
    "notices",
    "response",
    "police",
    "retention",
    "audit",
    "metrics",
    "visitors",
}


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration in `path` and the environment; relative paths become absolute, counted from its folder.

    Raises:
        ConfigError: it names file, line and key.
    """
    text = toml_text(path, ConfigError)
    return _anchor(parse(text, path, environment), path.resolve().parent)


def parse(text: str, path: Path, environment: Mapping[str, str] = MappingProxyType({})) -> Config:
    """As `load`, from text; `path` is only for the messages.

    Raises:
        ConfigError: as `load`.
    """
    _check_program(text, path)
    config = converted(text, path, Config, environment)
    _check_zone(config, text, path)
    _check_lanes(config, text, path)
    _check_names(config, text, path)
    _check_broker(config, text, path)
    _check_response(config, text, path)
    _check_store(config, text, path)
    _check_visitors(config, text, path)
    notices.check(config, text, path)
    return config


def _check_program(text: str, path: Path) -> None:
    """Of the other program's configuration each key would be told as a misspelt one of ours."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # `converted` says where
    if document.keys() & NODES_ALONE and not document.keys() & OURS_ALONE:
        raise ConfigError(f"{path}:1: this is a node's configuration; use `zhian-edge check-config`")


def _check_zone(config: Config, text: str, path: Path) -> None:
    try:
        ZoneInfo(config.site.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        place = f"{path}:{line_of(text, ['site', 'timezone'])}: site.timezone"
        raise ConfigError(f"{place}: {config.site.timezone!r} is no IANA time zone, such as Asia/Shanghai") from error


def _check_lanes(config: Config, text: str, path: Path) -> None:
    seen: set[str] = set()
    for index, lane in enumerate(config.rules.lanes):
        for name in (lane.lane, *(f"camera {camera}" for camera in lane.cameras)):
            if name in seen:
                line = line_of(text, ["rules", "lanes", index, "lane"])
                raise ConfigError(f"{path}:{line}: rules.lanes[{index}]: {name} is in two lanes")
            seen.add(name)


def _check_names(config: Config, text: str, path: Path) -> None:
    cameras = [(one.node, one.id) for one in config.cameras]
    for table, ids in (("cameras", cameras), ("lanes", [("", one.id) for one in config.lanes])):
        for index, (node, name) in enumerate(ids):
            if (node, name) in ids[:index]:
                line = line_of(text, [table, index, "id"])
                raise ConfigError(f"{path}:{line}: {table}[{index}]: {name} is named twice")


def _check_broker(config: Config, text: str, path: Path) -> None:
    if config.broker.secure and config.authority is None:
        place = f"{path}:{line_of(text, ['broker', 'url'])}: broker.url"
        raise ConfigError(f"{place}: mqtts:// needs the certificates of an [authority]")
    for index, url in enumerate(config.broker.also):
        if url.startswith("mqtts:") != config.broker.secure:
            place = f"{path}:{line_of(text, ['broker', 'also', index])}: broker.also[{index}]"
            raise ConfigError(f"{place}: {url}: either all brokers are mqtts:// or none")


def _check_store(config: Config, text: str, path: Path) -> None:
    """The database's address is one, and does not show its password to everybody who may read the configuration."""
    if config.store.url and (fault := check_url(config.store.url)):
        raise ConfigError(f"{path}:{line_of(text, ['store', 'url'])}: store.url: {fault}")


def _check_visitors(config: Config, text: str, path: Path) -> None:
    settings = config.visitors
    for table, ids in (
        ("areas", [one.id for one in settings.areas]),
        ("screening", [one.name for one in settings.screening]),
    ):
        for index, name in enumerate(ids):
            if name in ids[:index]:
                line = line_of(text, ["visitors", table, index, "id" if table == "areas" else "name"])
                raise ConfigError(f"{path}:{line}: visitors.{table}[{index}]: {name} is named twice")
    if settings.usual_minutes > settings.longest_minutes:
        place = f"{path}:{line_of(text, ['visitors', 'usual_minutes'])}: visitors.usual_minutes"
        raise ConfigError(f"{place}: longer than longest_minutes ({settings.longest_minutes})")


def check_url(url: str) -> str:
    """What is wrong with a database's address; empty: nothing. The text does not repeat it."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme == "postgresql" and len(parts.path) > 1 and (parts.port or 1) > 0
        secret = parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:
        whole = secret = False
    if not whole:
        return "expected postgresql://user@host:port/database"
    return "a password does not belong here; password_file names a file with it" if secret else ""


def _check_response(config: Config, text: str, path: Path) -> None:
    """Nobody is called twice the same, and every step tells somebody."""
    names = [one.name for one in config.response.contacts]
    known = {*names, *(one.role for one in config.response.contacts)}
    for index, name in enumerate(names):
        if name in names[:index]:
            line = line_of(text, ["response", "contacts", index, "name"])
            raise ConfigError(f"{path}:{line}: response.contacts[{index}].name: {name} is there twice")
    for index, step in enumerate(config.response.steps):
        for name in step.to:
            if name not in known:
                line = line_of(text, ["response", "steps", index, "to"])
                raise ConfigError(f"{path}:{line}: response.steps[{index}].to: {name} is no contact and no role of one")


def _anchor(config: Config, folder: Path) -> Config:
    replace = msgspec.structs.replace

    def anchored(name: str) -> str:
        return str(folder / Path(name).expanduser()) if name else ""

    authority = config.authority
    if authority is not None:
        files = {name: anchored(getattr(authority, name)) for name in ("home", "broker_files", "broker_pid_file")}
        authority = replace(authority, **files)
    return replace(
        config,
        store=replace(
            config.store,
            home=anchored(config.store.home or "."),
            key_file=anchored(config.store.key_file),
            password_file=anchored(config.store.password_file),
            pictures_credentials=anchored(config.store.pictures_credentials),
        ),
        broker=replace(config.broker, password_file=anchored(config.broker.password_file)),
        authority=authority,
        rules=replace(config.rules, file=anchored(config.rules.file)),
        notices=_anchor_notices(config.notices, anchored),
        audit=replace(config.audit, anchor=anchored(config.audit.anchor)),
        metrics=replace(config.metrics, token_file=anchored(config.metrics.token_file)),
        visitors=_anchor_visitors(config.visitors, anchored),
    )


def _anchor_visitors(settings: Visitors, anchored: Callable[[str], str]) -> Visitors:
    replace, names = msgspec.structs.replace, ("secret_file", "ca_file")
    services = (replace(one, **{name: anchored(getattr(one, name)) for name in names}) for one in settings.screening)
    return replace(settings, screening=tuple(services))


def _anchor_notices(settings: Notices, anchored: Callable[[str], str]) -> Notices:
    replace = msgspec.structs.replace
    names = ("secret_file", "ca_file")
    return replace(
        settings,
        templates=anchored(settings.templates),
        sms=tuple(replace(one, **{name: anchored(getattr(one, name)) for name in names}) for one in settings.sms),
        webhooks=tuple(
            replace(one, **{name: anchored(getattr(one, name)) for name in names}) for one in settings.webhooks
        ),
    )
