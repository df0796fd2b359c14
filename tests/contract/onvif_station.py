"""A door station with one relay, in a process of its own: SOAP in, JSON lines out.

Arguments: its port, the port by which others reach it, user, password. Out: `{"ready": true}`, and per order `{"order":
"pulse" | "on" | "off", "ms": N}`. It knows so much of ONVIF's device management as a relay needs, and checks the
password's digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

TDS, TT = "http://www.onvif.org/ver10/device/wsdl", "http://www.onvif.org/ver10/schema"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
WSU = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
RELAY = "relay-1"
CLOCK = """<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>
<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime><tt:Time><tt:Hour>8</tt:Hour><tt:Minute>0</tt:Minute>
<tt:Second>0</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>1</tt:Month><tt:Day>1</tt:Day></tt:Date>
</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"""
ABOUT = """<tds:GetDeviceInformationResponse><tds:Manufacturer>Somebody</tds:Manufacturer><tds:Model>Station</tds:Model>
<tds:FirmwareVersion>1.2</tds:FirmwareVersion><tds:SerialNumber>S-7</tds:SerialNumber><tds:HardwareId>H</tds:HardwareId>
</tds:GetDeviceInformationResponse>"""


class Station:
    """The relay: its mode, and what was ordered."""

    def __init__(self, user: str, password: str) -> None:
        self.user, self.password = user, password
        self.mode, self.delay_ms = "Bistable", 1000

    def answer(self, envelope: ElementTree.Element, port: int) -> tuple[int, str]:
        body = envelope.find(f"{{{SOAP}}}Body")
        assert body is not None
        request = body[0]
        name = request.tag.removeprefix(f"{{{TDS}}}")
        if name == "GetSystemDateAndTime":
            return 200, CLOCK
        if not self.knows(envelope):
            return 400, fault("ter:NotAuthorized", "Sender not Authorized")
        told = {"GetServices": services(port), "GetDeviceInformation": ABOUT, "GetRelayOutputs": self.relays()}
        if name in told:
            return 200, told[name]
        if RELAY not in [each.text for each in request]:
            return 400, fault("ter:RelayToken", "Unknown relay token reference.")
        return 200, self.order(name, request)

    def knows(self, envelope: ElementTree.Element) -> bool:
        """WS-Security, UsernameToken profile 1.1: SHA-1 of nonce, time and password."""
        found = {key: envelope.find(f".//{WSSE}{key}") for key in ("Username", "Password", "Nonce")}
        created = envelope.find(f".//{WSU}Created")
        texts = {key: "" if each is None else each.text or "" for key, each in found.items()}
        made = "" if created is None else created.text or ""
        digest = hashlib.sha1(base64.b64decode(texts["Nonce"]) + made.encode() + self.password.encode()).digest()
        return texts["Username"] == self.user and texts["Password"] == base64.b64encode(digest).decode()

    def relays(self) -> str:
        return f"""<tds:GetRelayOutputsResponse><tds:RelayOutputs token="{RELAY}"><tt:Properties>
        <tt:Mode>{self.mode}</tt:Mode><tt:DelayTime>PT{self.delay_ms / 1000}S</tt:DelayTime>
        <tt:IdleState>open</tt:IdleState></tt:Properties></tds:RelayOutputs></tds:GetRelayOutputsResponse>"""

    def order(self, name: str, request: ElementTree.Element) -> str:
        texts = {each.tag.split("}")[1]: each.text or "" for each in request.iter()}
        if name == "SetRelayOutputSettings":
            delay = re.fullmatch(r"PT([\d.]+)S", texts["DelayTime"])
            assert delay is not None, texts
            self.mode, self.delay_ms = texts["Mode"], round(float(delay[1]) * 1000)
        elif texts["LogicalState"] == "active":
            timed = self.mode == "Monostable"
            say(order="pulse" if timed else "on", ms=self.delay_ms if timed else 0)
        else:
            say(order="off", ms=0)
        return f"<tds:{name}Response/>"


def services(port: int) -> str:
    return f"""<tds:GetServicesResponse><tds:Service><tds:Namespace>{TDS}</tds:Namespace>
    <tds:XAddr>http://127.0.0.1:{port}/onvif/device_service</tds:XAddr>
    <tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service></tds:GetServicesResponse>"""


def fault(code: str, text: str) -> str:
    return f"""<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{code}</s:Value></s:Subcode></s:Code>
    <s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason></s:Fault>"""


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def main(port: int, reached_by: int, user: str, password: str) -> None:
    station = Station(user, password)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            envelope = ElementTree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))
            status, text = station.answer(envelope, reached_by)
            whole = (
                f'<?xml version="1.0"?><s:Envelope xmlns:s="{SOAP}" xmlns:tds="{TDS}" xmlns:tt="{TT}" '
                f'xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>{text}</s:Body></s:Envelope>'
            ).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole)

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        say(ready=True)
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
