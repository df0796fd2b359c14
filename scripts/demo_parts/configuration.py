"""Writes the configurations of the demo's gateway and node."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from .cameras import Camera, Gate

#: A card waits so long for its owner's face; the barrier stays open for so long.
CONFIRM_S: Final = 3.0
PULSE_S: Final = 3.0
TIMEZONE: Final = "Asia/Shanghai"
#: The last minute at which a demo's class may still come, and the one at which it may go.
LAST_BELL, GOING_BELL = time(23, 57), time(23, 58)


class Link(NamedTuple):
    """Where a node finds its gateway: the broker's port on loopback, the gateway's address, the file of its token."""

    mqtt: int
    url: str
    token_file: str


def gateway(site: str, http: int, mqtt: int, password_file: str, cameras: Sequence[Camera]) -> str:
    """The gateway's: on loopback at port `http`, its broker at port `mqtt`."""
    return f"""# Written by scripts/demo.
[site]
id = {_toml(site)}
name = "智安演示 Demo"
timezone = {_toml(TIMEZONE)}

[listen]
host = "127.0.0.1"
port = {http}

[broker]
url = "mqtt://127.0.0.1:{mqtt}"
user = "gateway"
password_file = {_toml(password_file)}

[store]
home = "gateway"

{"".join(_names(camera) for camera in cameras)}
{"".join(_rule(camera) for camera in cameras)}"""


def node(site: str, name: str, link: Link, cameras: Sequence[Camera]) -> str:
    """The node's: its cameras, and the lanes, readers and barriers that stand where they look."""
    return f"""# Written by scripts/demo.
[site]
id = {_toml(site)}

[node]
id = {_toml(name)}
home = "node"

[gateway]
brokers = ["mqtt://127.0.0.1:{link.mqtt}"]
url = {_toml(link.url)}
token_file = {_toml(link.token_file)}

{"".join(_camera(camera) for camera in cameras)}"""


def bells(groups: Sequence[str], now: datetime) -> str:
    """The classes' hours: whoever comes within an hour of `now`, as the site's clock shows it, is in time.

    In the last hour of a day the bell waits for as long as that day does.
    """
    later = now + timedelta(hours=1)
    arrive = min(later.time(), LAST_BELL) if later.date() == now.date() else LAST_BELL
    times = f'arrive_by = "{arrive:%H:%M}"\nleave_from = "{GOING_BELL:%H:%M}"\n'
    return "\n".join(f"[[groups]]\nid = {_toml(group)}\n{times}" for group in groups)


def script_of(camera: str) -> str:
    """The file from which the virtual reader at a camera reads its cards."""
    return f"{camera}.cards"


def _names(camera: Camera) -> str:
    """What people call the camera and its lane; ids are for configurations."""
    return f"""[[cameras]]
id = {_toml(camera.id)}
name = {_toml(camera.name or camera.id)}

[[lanes]]
id = {_toml(camera.id)}
name = {_toml(camera.place or camera.name or camera.id)}

"""


def _rule(camera: Camera) -> str:
    """Where a lane decides and sees its line, it tells who has no right to come in; elsewhere strangers are told."""
    tells = camera.gate is not None and camera.gate.line is not None
    return f"""[[rules.lanes]]
lane = {_toml(camera.id)}
closed_to_strangers = {_toml(not tells)}
"""


def _camera(camera: Camera) -> str:
    """A camera and its lane: what two cameras of the demo see has nothing to do with each other."""
    line = camera.gate.line if camera.gate else None
    drawn = f"line = {_toml([list(point) for point in line])}\n" if line else ""
    return f"""{_lane(camera.id, camera.gate)}
[[cameras]]
id = {_toml(camera.id)}
source = {_toml(camera.source)}
senses = {_toml(list(camera.senses))}
lane = {_toml(camera.id)}
loop = {_toml(camera.is_file)}
synthetic = {_toml(camera.synthetic)}
{drawn}"""


def _lane(name: str, gate: Gate | None) -> str:
    if gate is None:
        return f"""[[lanes]]
id = {_toml(name)}
"""
    return f"""[[lanes]]
id = {_toml(name)}
{_policy(gate)}
confirm_s = {CONFIRM_S}
inside = {_toml(gate.inside)}
egress = "free"

[[readers]]
id = {_toml(f"{name}-reader")}
driver = "virtual"
script = {_toml(script_of(name))}
lane = {_toml(name)}
direction = "in"

[[barriers]]
id = {_toml(f"{name}-barrier")}
driver = "virtual"
journal = {_toml(f"{name}.orders")}
lane = {_toml(name)}
pulse_s = {PULSE_S}
"""


def _policy(gate: Gate) -> str:
    if len(gate.ways) == 1:
        return f"policy = {_toml(gate.ways[0])}"
    return f'policy = "any_of"\nany_of = {_toml(list(gate.ways))}'


def _toml(value: str | bool | list[str] | list[list[float]]) -> str:
    """JSON's strings, lists and truth values are TOML's too."""
    return json.dumps(value, ensure_ascii=False)
