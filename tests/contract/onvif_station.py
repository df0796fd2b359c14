"""A camera with one relay (ipycam, to which its relay is added), in a process of its own: SOAP in, JSON lines out.

Arguments: its port, the port by which others reach it, user, password. Out: `{"ready": true, "version": TEXT}`, and per
order `{"order": "pulse" | "on" | "off", "ms": N}`. HTTP, envelopes, passwords and what the camera says it is are
ipycam's, which knows no relays: those three answers are ours, as ONVIF's device management has them.
"""

from __future__ import annotations

import json
import re
import sys
from http.server import ThreadingHTTPServer
from types import SimpleNamespace
from xml.etree import ElementTree

import ipycam
from ipycam.http import IPCameraHTTPHandler
from ipycam.onvif import ONVIFService

SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
RELAY = "relay-1"


class Station(ONVIFService):
    """The camera, its relay's mode, and what was ordered."""

    def __init__(self, config: ipycam.CameraConfig) -> None:
        super().__init__(config)
        self.mode, self.delay_ms = "Bistable", 1000

    def handle_action(self, action: str, body: str) -> str | None:
        """As ipycam calls it."""
        found = ElementTree.fromstring(body).find(f"{SOAP}Body")
        assert found is not None
        request = found[0]
        name = request.tag.split("}")[1]
        if "Relay" not in name:
            return super().handle_action(action or name, body)
        texts = {each.tag.split("}")[1]: each.text or "" for each in request.iter()}
        if name == "GetRelayOutputs":
            return self._wrap_envelope(self.relays())
        if texts["RelayOutputToken"] != RELAY:
            return self.fault("Unknown relay token reference.")
        self.order(name, texts)
        return self._wrap_envelope(f"<tds:{name}Response/>")

    def relays(self) -> str:
        return f"""<tds:GetRelayOutputsResponse><tds:RelayOutputs token="{RELAY}"><tt:Properties>
        <tt:Mode>{self.mode}</tt:Mode><tt:DelayTime>PT{self.delay_ms / 1000}S</tt:DelayTime>
        <tt:IdleState>open</tt:IdleState></tt:Properties></tds:RelayOutputs></tds:GetRelayOutputsResponse>"""

    def order(self, name: str, texts: dict[str, str]) -> None:
        if name == "SetRelayOutputSettings":
            delay = re.fullmatch(r"PT([\d.]+)S", texts["DelayTime"])
            assert delay is not None, texts
            self.mode, self.delay_ms = texts["Mode"], round(float(delay[1]) * 1000)
        elif texts["LogicalState"] == "active":
            timed = self.mode == "Monostable"
            say(order="pulse" if timed else "on", ms=self.delay_ms if timed else 0)
        else:
            say(order="off", ms=0)


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def main(port: int, reached_by: int, user: str, password: str) -> None:
    config = ipycam.CameraConfig(
        name="gate", model="Station", serial_number="S-7", local_ip="127.0.0.1", onvif_port=reached_by,
        username=user, password=password,
    )  # fmt: skip
    IPCameraHTTPHandler.camera = SimpleNamespace(onvif=Station(config), config=config)
    with ThreadingHTTPServer(("127.0.0.1", port), IPCameraHTTPHandler) as server:
        say(ready=True, version=f"ipycam {ipycam.__version__}")
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
