"""Tries what a node shows of itself, and whether gateway and brokers take it and answer."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from zhian_edge.command_line import named
from zhian_edge.config.types import Config
from zhian_edge.delivery.credentials import Certificate, Credentials, Nameless, credentials_of
from zhian_edge.delivery.http import open_client, request
from zhian_edge.delivery.link import Link
from zhian_edge.delivery.outbox import Identity
from zhian_edge.delivery.papers import Papers, utc_now
from zhian_edge.errors import EdgeError, LinkLost, NodeRevoked
from zhian_edge.finding import Finding
from zhian_edge.process.control import ask

#: Receipts take some tens of milliseconds; a gateway that was started again has them within some seconds.
UNANSWERED_S: Final = 30


def joining(config: Config, path: Path) -> Iterator[Finding]:
    """What is to be said before all else: that the node has nothing to show where it would be asked for it."""
    if not _joined(config):
        advice = (
            f"`zhian-gateway node invite {config.node.id}` prints the command that joins it: "
            f"`zhian-edge join URL CODE{named(path)}`, run here by the node's user"
        )
        yield Finding("fail", "certificate: this node has not joined its site yet", advice)


def access(config: Config) -> Iterator[Finding]:
    """What this node shows of itself, and whether gateway and brokers take it."""
    if _joined(config):
        yield from _access(config, credentials_of(config))
        return
    why = "not tried before the node has joined"
    yield Finding("warn", f"gateway {config.gateway.url}: {why}")
    yield from _untried(config, why)


def _joined(config: Config) -> bool:
    return not (isinstance(credentials_of(config), Nameless) and _secured(config))


def _access(config: Config, credentials: Credentials) -> Iterator[Finding]:
    """What this node shows of itself, and whether gateway and brokers take it."""
    secret = _secret(config, credentials)
    if secret.verdict == "fail":
        yield secret
        yield Finding("warn", f"gateway {config.gateway.url}: not tried without the secret")
        yield from _untried(config, "not tried without the secret")
        return
    try:
        gateway = _gateway(config, credentials)
    except NodeRevoked:
        # What the node holds looks well by itself; only the gateway knows that it is worth nothing any more.
        yield from _revoked(config, secret)
        return
    except EdgeError as error:
        advice = f"is the gateway running at {config.gateway.url}, and does it know this node?"
        gateway = Finding("fail", f"gateway {error}", advice)
    yield secret
    yield gateway
    yield from _brokers(config, credentials)


def _revoked(config: Config, secret: Finding) -> Iterator[Finding]:
    what = secret.text.partition(":")[0]
    anew = (
        f"`zhian-gateway node invite {config.node.id}` prints a code, and `zhian-edge join` takes it"
        if what == "certificate"
        else f"`zhian-gateway node add {config.node.id}` prints a new token for gateway.token_file"
    )
    advice = f"was that meant, this machine has nothing to do here any more; else {anew}"
    yield Finding("fail", f"{what}: the gateway has revoked this node", advice)
    yield Finding("ok", f"gateway {config.gateway.url}: it answers, and has revoked this node")
    yield from _untried(config, "not tried, since the node is revoked")


def _secured(config: Config) -> bool:
    """Whether an address asks for a certificate or a token, which a node without either cannot show."""
    return any(address.startswith(("https:", "mqtts:")) for address in _addresses(config))


def _secret(config: Config, credentials: Credentials) -> Finding:
    """The certificate or token, and the certificates to trust where an address asks for them."""
    if isinstance(credentials, Certificate):
        return _certificate(config, credentials)
    path = config.gateway.token_file
    if path and not Path(path).exists():
        advice = f"run `zhian-gateway node add {config.node.id}` and put the token that it prints there"
        return Finding("fail", f"token: {path} does not exist", advice)
    try:
        credentials.headers()
        if _secured(config):
            credentials.tls()
    except EdgeError as error:
        return Finding("fail", f"token or certificates: {error}", "see gateway.token_file and gateway.ca_file")
    if not path:
        return Finding("warn", "token: none is configured", "set gateway.token_file, unless the gateway asks for none")
    return Finding("ok", f"token: {path}")


def _certificate(config: Config, credentials: Certificate) -> Finding:
    try:
        credentials.tls()
        times = Papers(Path(config.node.home)).times()
    except EdgeError as error:
        return Finding("fail", f"certificate: {error}")
    plain = [address for address in _addresses(config) if not address.startswith(("https:", "mqtts:"))]
    if plain:
        advice = "give the addresses of the nodes' door and of the broker's TLS: https:// and mqtts://"
        return Finding("fail", f"certificate: {plain[0]} does not ask for it", advice)
    if utc_now() > times.renew_at() + (times.ends - times.renew_at()) / 2:
        advice = "is the gateway's door reachable? the running node renews it there by itself"
        return Finding("warn", f"certificate: ends on {times.ends:%Y-%m-%d}, and was not renewed", advice)
    return Finding("ok", f"certificate: until {times.ends:%Y-%m-%d}, renewed from {times.renew_at():%Y-%m-%d} on")


def _addresses(config: Config) -> tuple[str, ...]:
    return config.gateway.url, *config.gateway.brokers


def _untried(config: Config, why: str) -> Iterator[Finding]:
    """Each of them would only fail for the same reason."""
    for broker in config.gateway.brokers:
        yield Finding("warn", f"broker {broker}: {why}")


def _brokers(config: Config, credentials: Credentials) -> Iterator[Finding]:
    try:
        running = ask(Path(config.node.home), "status")
    except LinkLost:
        for broker in config.gateway.brokers:
            yield _broker(config, broker, credentials)
        return
    # A second connection under the same name would throw the running node's out.
    yield link_finding(running)


def link_finding(running: Mapping[str, Any]) -> Finding:
    """How the link of a running node is, by its answer to `status`: up is not yet heard."""
    link = next(each for each in running["services"] if each["name"] == "link")
    if link["state"] != "ok":
        return Finding("fail", f"broker: the running node's link is {link['state']} {link['error']}".strip())
    silent = running.get("link", {}).get("unanswered_s", 0)  # a node of an earlier version does not say
    if silent <= UNANSWERED_S:
        return Finding("ok", "broker: the running node's link is ok")
    waiting = running["node"]["outbox"]
    return Finding(
        "warn",
        f"broker: it takes what this node sends, and nobody has answered for {silent} s; {waiting} events wait",
        "does the gateway run, and at this broker? A broker that has not read its lists again since the node joined "
        "drops what it sends: `systemctl reload mosquitto`, without systemd `kill -HUP` its process",
    )


def _gateway(config: Config, credentials: Credentials) -> Finding:
    with open_client(config.gateway.url, credentials) as client:
        answer = request(client, "GET", "/roster")
    verdict: Literal["ok", "fail"] = "ok" if answer.status_code == 200 else "fail"
    return Finding(verdict, f"gateway {config.gateway.url}: GET /roster answered {answer.status_code}")


def _broker(config: Config, broker: str, credentials: Credentials) -> Finding:
    identity = Identity(config.site.id, config.node.id, ZoneInfo(config.site.timezone))
    try:
        Link(broker, identity, credentials, queue.SimpleQueue()).close()
    except EdgeError as error:
        return Finding("fail", f"broker {error}", f"is the broker running at {broker}, and does it know this node?")
    return Finding("ok", f"broker {broker}: connected and subscribed")
