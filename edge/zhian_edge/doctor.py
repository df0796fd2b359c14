"""Tries what a node needs, one thing after the other, and says what to do about what is missing."""

from __future__ import annotations

import importlib.metadata
import queue
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from zhian_models.errors import ModelsError
from zhian_models.store import Store

from zhian_edge.capture.sources import source_for
from zhian_edge.config.readers import OsdpReader
from zhian_edge.config.types import Camera, Config
from zhian_edge.delivery.credentials import Certificate, Credentials, credentials_of
from zhian_edge.delivery.http import open_client, request
from zhian_edge.delivery.link import Link
from zhian_edge.delivery.outbox import Identity
from zhian_edge.delivery.papers import Papers, utc_now
from zhian_edge.errors import EdgeError, LinkLost, NodeRevoked
from zhian_edge.hal.reach import await_settled, reach
from zhian_edge.perception.networks import NAMES
from zhian_edge.process.clock import EARLIEST_MS, read_clock
from zhian_edge.process.control import ask

#: A camera that gives no picture for so long after it was opened does not work.
CAMERA_S: Final = 10.0
_MIB: Final = 1 << 20


class Finding(NamedTuple):
    """One thing that was tried. `advice` says what to do, where something is to do."""

    verdict: Literal["ok", "warn", "fail"]
    text: str
    advice: str = ""


def examine(config: Config) -> Iterator[Finding]:
    """Every finding, as soon as it is known."""
    yield from _runtimes(config)
    yield from _networks(config)
    yield from _disk(config)
    yield _clock()
    if not config.cameras and not config.readers:
        yield Finding("warn", "cameras: there are none", "without [[cameras]] this node sees nothing")
    yield from map(_camera, config.cameras)
    yield from _devices(config)
    yield from _access(config, credentials_of(config))


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


def _runtimes(config: Config) -> Iterator[Finding]:
    wanted = config.recognition.runtime
    for name in ("onnxruntime", "openvino"):
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if wanted == name:
                yield Finding("fail", f"runtime {name}: not installed", f"pip install 'zhian[{name}]'")
            continue
        chosen = "configured" if wanted == name else "measured at start" if wanted == "auto" else "not configured"
        yield Finding("ok", f"runtime {name} {version} ({chosen})")


def _networks(config: Config) -> Iterator[Finding]:
    store = Store()
    senses = {sense for camera in config.cameras for sense in camera.senses}
    for name in sorted({name for sense in senses for name in NAMES[sense]}):
        try:
            state = store.state(store.manifest.get(name))
        except ModelsError as error:
            yield Finding("fail", f"network {name}: {error}")
            continue
        verdict: Literal["ok", "fail"] = "ok" if state == "ok" else "fail"
        advice = "" if state == "ok" else f"zhian-models pull {name}"
        yield Finding(verdict, f"network {name}: {state} ({store.folder})", advice)


def _disk(config: Config) -> Iterator[Finding]:
    home = Path(config.node.home)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / ".writable").write_bytes(b"")
        (home / ".writable").unlink()
    except OSError as error:
        yield Finding("fail", f"folder {home}: {error}", "give the node's user the right to write there")
        return
    free = shutil.disk_usage(home).free // _MIB
    wanted = config.storage.picture_budget_mb + config.storage.min_free_mb
    if free < wanted:
        advice = "make room, or lower storage.picture_budget_mb"
        yield Finding("warn", f"folder {home}: {free} MiB free, {wanted} MiB may be wanted", advice)
    else:
        yield Finding("ok", f"folder {home}: {free} MiB free")


def _clock() -> Finding:
    reading = read_clock()
    if reading.wall_ms < EARLIEST_MS:
        return Finding("fail", "clock: it stands in the past", "set up a time server (systemd-timesyncd or chrony)")
    if not reading.synchronised:
        advice = "set up a time server (systemd-timesyncd or chrony); a container cannot see its host's"
        return Finding("warn", "clock: nothing synchronises it; events are marked `unsynced`", advice)
    return Finding("ok", "clock: synchronised")


def _camera(camera: Camera) -> Finding:
    if not Path(camera.source).exists() and _is_file(camera):
        advice = "put a video there, or change the camera's source"
        return Finding("fail", f"camera {camera.id}: the file {camera.source} does not exist", advice)
    source = source_for(camera)
    try:
        source.open()
        until = time.monotonic() + CAMERA_S
        while time.monotonic() < until:
            for frame in source.step():
                return Finding("ok", f"camera {camera.id}: {frame.width}x{frame.height}")
    except EdgeError as error:
        return Finding("fail", f"camera {camera.id}: {error}", _camera_advice(camera))
    finally:
        source.close()
    return Finding("fail", f"camera {camera.id}: no picture within {CAMERA_S:.0f} s", "check the camera itself")


def _is_file(camera: Camera) -> bool:
    return "://" not in camera.source and not camera.source.startswith("/dev/")


def _camera_advice(camera: Camera) -> str:
    if _is_file(camera):
        return "try another video, or change the camera's source"
    if camera.source.startswith("/dev/"):
        return "is it plugged in, does nothing else use it, and is the node's user in the group video?"
    return "check its address, cable and password"


def _devices(config: Config) -> Iterator[Finding]:
    """Readers, inputs and barriers, as the running gate has them, or else opened here for a moment."""
    if not (config.readers or config.inputs or config.barriers):
        return
    try:
        with reach(config) as (ask_devices, _):
            await_settled(ask_devices)
            states = ask_devices("devices")
    except EdgeError as error:
        yield Finding("fail", f"devices: {error}", "is the gate well? see `zhian-edge status`")
        return
    for state in states:
        what = f"{state['kind']} {state['name']}"
        if state["state"] == "ok" and not state["error"]:
            yield Finding("ok", f"{what}: {state['driver']} at {state['diagnostics']['link']}")
        else:
            advice = (
                f"try `zhian-edge readers test {state['name']}`" if state["kind"] == "reader" else "check its cable"
            )
            yield Finding("fail", f"{what}: {state['error'] or state['state']}", advice)
    yield from map(_open_line, (reader for reader in config.readers if isinstance(reader, OsdpReader)))


def _open_line(reader: OsdpReader) -> Finding:
    if reader.security == "secure-channel":
        return Finding("ok", f"reader {reader.id}: its line is encrypted")
    if reader.security == "install-mode":
        return Finding(
            "warn", f"reader {reader.id}: install-mode", 'it has its key now: set security = "secure-channel"'
        )
    return Finding("warn", f"reader {reader.id}: its line is plain text", "whoever reaches the cable can copy cards")


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
        if any(address.startswith(("https:", "mqtts:")) for address in _addresses(config)):
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
    link = next(each for each in running["services"] if each["name"] == "link")
    up = link["state"] == "ok"
    yield Finding("ok" if up else "fail", f"broker: the running node's link is {link['state']} {link['error']}".strip())


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
