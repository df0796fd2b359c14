"""Writes the broker's configuration: MQTT on loopback, one account per peer, each confined to its own topics."""

from __future__ import annotations

import json
from pathlib import Path

PREFIX = "zhian.v1"
#: What any MQTT client of this broker needs for its own sessions and acknowledgements.
SESSION_SUBJECTS = ("$MQTT.sub.>", "$MQTT.deliver.>")


def configuration(port: int, store: Path, site: str, gateway: tuple[str, str], nodes: dict[str, str]) -> str:
    """The text of a nats-server configuration.

    Args:
        port: for MQTT, on 127.0.0.1.
        store: folder of the broker's sessions; what it forgets, nodes send again.
        site: the site whose topics these are.
        gateway: user and password of the gateway.
        nodes: token by node id.
    """
    users = [_account(*gateway, up=f"{PREFIX}.{site}.*", down=f"{PREFIX}.{site}.*", is_gateway=True)]
    users += [
        _account(node, token, up=f"{PREFIX}.{site}.{node}", down=f"{PREFIX}.{site}.{node}", is_gateway=False)
        for node, token in nodes.items()
    ]
    body = {
        "server_name": "zhian-broker",
        "listen": "127.0.0.1:-1",
        "jetstream": {"store_dir": str(store), "max_file_store": 512 * 1024 * 1024},
        "mqtt": {"listen": f"127.0.0.1:{port}", "ack_wait": "10s"},
        "authorization": {"users": users},
    }
    return json.dumps(body, indent=2) + "\n"


def _account(user: str, password: str, *, up: str, down: str, is_gateway: bool) -> dict[str, object]:
    to_gateway = [f"{up}.{kind}" for kind in ("event", "state", "answer")]
    to_node = [f"{down}.{kind}" for kind in ("receipt", "command", "roster")]
    sends, hears = (to_node, to_gateway) if is_gateway else (to_gateway, to_node)
    return {
        "user": user,
        "password": password,
        "permissions": {
            "publish": {"allow": [*sends, *SESSION_SUBJECTS]},
            "subscribe": {"allow": [*hears, *SESSION_SUBJECTS]},
        },
    }
