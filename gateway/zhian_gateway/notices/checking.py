"""Holds a configuration's notices against each other: what `check-config` says of them, by file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from ..config_notices import Route, Sms, SmsTemplate, Webhook
from ..config_types import Config
from ..errors import ConfigError
from ..faults import line_of
from ..outbound import readable
from . import texts
from .happenings import GUARDIANS
from .naming import fault
from .sms import lengths
from .sms.templates import without
from .webhook_post import key_of

Steps = list[str | int]
#: Where something is wrong, and what.
Problem = tuple[Steps, str]


def check(config: Config, text: str, path: Path) -> None:
    """Raises ConfigError for the first thing that is wrong; reads no other file."""
    for steps, what in _problems(config):
        key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
        raise ConfigError(f"{path}:{line_of(text, _counted(config, steps))}: {key}: {what}")


def check_files(config: Config) -> None:
    """Secrets, certificates and the site's own texts; the configuration's paths are absolute by then.

    Raises:
        ConfigError: it names the key, or file, line and key of the texts.
    """
    texts.library(config.notices.templates)
    for index, account in enumerate(config.notices.sms):
        _check_secret(f"notices.sms[{index}]", account)
    for index, hook in enumerate(config.notices.webhooks):
        _check_secret(f"notices.webhooks[{index}]", hook)


def unsent(config: Config) -> Iterator[tuple[str, dict[str, Route]]]:
    """Accounts of text messages (by name) by which something that is routed cannot go out: it has no approved template.

    Nothing is wrong with that where it is meant so; who is told by text message alone is told nothing of it.
    """
    for account in config.notices.sms:
        if routes := without(account, config.notices):
            yield account.name, routes


def _problems(config: Config) -> Iterator[Problem]:
    settings = config.notices
    yield from _routes(config)
    yield from _twice("sms", [one.name for one in settings.sms])
    yield from _twice("webhooks", [one.name for one in settings.webhooks])
    for index, account in enumerate(settings.sms):
        yield from _account(["notices", "sms", index], account)
    for index, hook in enumerate(settings.webhooks):
        yield from _webhook(["notices", "webhooks", index], hook, config.outbound.private_hosts)
    for index, contact in enumerate(config.response.contacts):
        for key, place in (("address", contact.address), *(("further", one) for one in contact.further)):
            if what := fault(place, settings):
                yield ["response", "contacts", index, key], what


def _routes(config: Config) -> Iterator[Problem]:
    contacts = config.response.contacts
    # `teacher` is where our own routes lead, whether a site has named any or not.
    known = {GUARDIANS, "teacher", *(one.name for one in contacts), *(one.role for one in contacts)}
    seen: set[str] = set()
    for index, route in enumerate(config.notices.routes):
        if route.happening in seen:
            yield ["notices", "routes", index, "happening"], f"{route.happening} has a route already"
        seen.add(route.happening)
        for name in route.to:
            if name not in known:
                what = f"{name} is neither {GUARDIANS} nor a contact or a role of one"
                yield ["notices", "routes", index, "to"], what


def _twice(table: str, names: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ["notices", table, index, "name"], f"{name} is there twice"


def _account(steps: Steps, account: Sms) -> Iterator[Problem]:
    if not (account.secret_file or account.secret_env):
        yield [*steps, "name"], "needs secret_file or secret_env"
    if account.provider == "tencent" and not account.app_id:
        yield [*steps, "name"], "Tencent needs app_id (SmsSdkAppId)"
    for index, template in enumerate(account.templates):
        yield from _template([*steps, "templates", index], account, template)


def _template(steps: Steps, account: Sms, template: SmsTemplate) -> Iterator[Problem]:
    for name, format_ in template.parameters.items():
        if what := texts.fault(format_):
            yield [*steps, "parameters"], f"{name}: {what}"
        if account.provider == "tencent" and not (name.isascii() and name.isdigit()):
            yield [*steps, "parameters"], f"{name}: Tencent's variables are numbers, such as 1 of {{1}}"
    if not template.text:
        return
    said, filled = lengths.variables(template.text), set(template.parameters)
    if said != filled:
        odd = ", ".join(sorted(said ^ filled))
        yield [*steps, "text"], f"text and parameters do not agree on {odd}"
    if len(template.text) > lengths.MOST:
        yield [*steps, "text"], f"has {len(template.text)} characters, and {lengths.MOST} are taken"


def _webhook(steps: Steps, hook: Webhook, private: tuple[str, ...]) -> Iterator[Problem]:
    if not (hook.secret_file or hook.secret_env):
        yield [*steps, "name"], "needs secret_file or secret_env"
    try:
        parts = urlsplit(hook.url)
        host = parts.hostname or ""
    except ValueError:
        yield [*steps, "url"], "is no address"
        return
    if parts.username or parts.password:
        yield [*steps, "url"], "holds a password; the signature proves who sends"
    if parts.scheme == "http" and host not in private:
        yield [*steps, "url"], "http:// only to a host that [outbound] private_hosts names"


def _counted(config: Config, steps: Steps) -> Steps:
    """The steps as the file's own headers count them: tables of tables are numbered through."""
    if steps[:2] == ["notices", "sms"] and "templates" in steps:
        _, _, account, _, index, *rest = steps
        before = sum(len(one.templates) for one in config.notices.sms[: int(account)])
        return ["notices", "sms", "templates", before + int(index), *rest]
    return steps


def _check_secret(key: str, holder: Sms | Webhook) -> None:
    try:
        secret = holder.secret()
        key_of(secret)
    except OSError as error:
        raise ConfigError(f"{key}.secret_file: {holder.secret_file}: {error.strerror or error}") from error
    except ValueError as error:
        raise ConfigError(f"{key}: the secret: {error}") from error
    if not secret:
        where = holder.secret_file or f"the environment's {holder.secret_env}"
        raise ConfigError(f"{key}: there is no secret in {where}")
    if holder.ca_file and not readable(holder.ca_file):
        raise ConfigError(f"{key}.ca_file: {holder.ca_file}: holds no certificates that can be read")
