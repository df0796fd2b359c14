"""The brokers' configurations, as text: TLS, an account per certificate, and to each its own topics alone.

Both brokers take a node's name from its certificate. What may change while they run lies in files of its own, which
they read again at SIGHUP: mosquitto's rights and revocations, nats-server's accounts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from zhian_wire import topics

from .certificates import GATEWAY, SCHEME, uri

Server: TypeAlias = Literal["mosquitto", "nats"]

AUTHORITY: Final = "site-ca.pem"
CERTIFICATE: Final = "broker.pem"
KEY: Final = "broker.key"
#: mosquitto's, and nats-server's.
RIGHTS: Final = "zhian.acl"
REVOKED: Final = "zhian.crl"
ACCOUNTS: Final = "zhian-accounts.conf"
MAIN: Final[dict[Server, str]] = {"mosquitto": "mosquitto.conf", "nats": "nats.conf"}
#: What any MQTT client of nats-server needs for its own sessions and acknowledgements.
_SESSIONS: Final = ("$MQTT.sub.>", "$MQTT.deliver.>")


def mosquitto(folder: Path, host: str, port: int) -> str:
    """The configuration of a mosquitto 2 whose files lie in `folder`."""
    return f"""\
# Written by `zhian-gateway broker config mosquitto`.
listener {port} {host}
cafile {folder / AUTHORITY}
certfile {folder / CERTIFICATE}
keyfile {folder / KEY}
crlfile {folder / REVOKED}
tls_version tlsv1.2
require_certificate true
# Who a client is, its certificate says; it cannot take another one's session by its client id.
use_identity_as_username true
use_username_as_clientid true
allow_anonymous false
acl_file {folder / RIGHTS}
# The broker is a pipe: what it forgets, nodes send again.
persistence false
# Without it receipts take 80 ms instead of 20.
set_tcp_nodelay true
"""


def mosquitto_rights(site: str, nodes: Collection[str]) -> str:
    """mosquitto's access list: who is not in it may do nothing."""
    lines = [f"user {GATEWAY}"]
    lines += [f"topic read {topics.PREFIX}/{site}/+/{kind}" for kind in topics.UP]
    lines += [f"topic write {topics.PREFIX}/{site}/+/{kind}" for kind in topics.DOWN]
    for node in sorted(nodes):
        lines.append(f"\nuser {site}/{node}")
        lines += [f"topic write {topics.PREFIX}/{site}/{node}/{kind}" for kind in topics.UP]
        lines += [f"topic read {topics.PREFIX}/{site}/{node}/{kind}" for kind in topics.DOWN]
    return "\n".join(lines) + "\n"


def nats(folder: Path, host: str, port: int) -> str:
    """The configuration of a nats-server whose files lie in `folder`."""
    tls = {
        "cert_file": str(folder / CERTIFICATE),
        "key_file": str(folder / KEY),
        "ca_file": str(folder / AUTHORITY),
        "verify_and_map": True,
    }
    body = {
        "server_name": "zhian-broker",
        # Its own protocol, which nobody here speaks; every account below is for MQTT alone.
        "listen": "127.0.0.1:-1",
        "jetstream": {"store_dir": str(folder / "jetstream"), "max_file_store": 512 * 1024 * 1024},
        "mqtt": {"listen": f"{_bracketed(host)}:{port}", "ack_wait": "10s", "tls": tls},
    }
    said = "# Written by `zhian-gateway broker config nats`.\n"
    return f"{said}{json.dumps(body, indent=2)[1:-2].strip()}\ninclude {ACCOUNTS}\n"


def nats_accounts(site: str, nodes: Mapping[str, int]) -> str:
    """nats-server's accounts, of each node's present generation: who is not in it may not even connect."""

    def account(user: str, name: str, sends: Collection[str], hears: Collection[str]) -> dict[str, object]:
        def subjects(kinds: Collection[str]) -> list[str]:
            return [*(_subject(f"{topics.PREFIX}/{site}/{name}/{kind}") for kind in kinds), *_SESSIONS]

        return {
            "user": user,
            "permissions": {"publish": {"allow": subjects(sends)}, "subscribe": {"allow": subjects(hears)}},
            "allowed_connection_types": ["MQTT"],
        }

    users = [account(f"{SCHEME}{GATEWAY}", "*", topics.DOWN, topics.UP)]
    for node, generation in sorted(nodes.items()):
        users.append(account(uri(site, node, generation), node, topics.UP, topics.DOWN))
    return f"authorization: {json.dumps({'users': users}, indent=2)}\n"


def _subject(topic: str) -> str:
    """A topic as nats-server has it: levels are parted by dots, and a dot in a name is two slashes."""
    return topic.replace(".", "//").replace("/", "\0").replace("\0\0", "//").replace("\0", ".")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
