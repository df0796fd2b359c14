"""llrpkit's emulator of a UHF reader in a process of its own: JSON lines in, JSON lines out.

Arguments: its port. In: `{"card": HEX, "antenna": N, "rssi": DBM}` puts a tag into the field, `{"clear": true}` takes
all out. Out: `{"ready": true, "version": TEXT}`, and `{"sent": HEX, "power": DBM}` when a tag is reported first.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import llrpkit
from llrpkit.emulator import LLRPEmulator
from llrpkit.emulator.core import EmulatedTag
from llrpkit.protocol import LLRPMessage, messages


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


class Emulator(LLRPEmulator):
    """Says what it sends."""

    def __init__(self, port: int) -> None:
        super().__init__(port=port, tags=[], reads_per_sec=800, antenna_count=4)
        self._told: set[str] = set()

    async def _send(self, msg: LLRPMessage, *, message_id: int = 0) -> None:
        await super()._send(msg, message_id=message_id)
        if isinstance(msg, messages.RO_ACCESS_REPORT):
            for report in msg.tag_report_datas:
                epc = report.epc_parameter.epc
                card = (epc if isinstance(epc, bytes) else epc.data).hex().upper()
                if card not in self._told:
                    self._told.add(card)
                    say(sent=card, power=self._scan_profile().power_dbm)


async def main(port: int) -> None:
    emulator = Emulator(port)
    await emulator.start()
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    say(ready=True, version=f"llrpkit {llrpkit.__version__}")
    while line := await lines.readline():
        order = json.loads(line)
        if "clear" in order:
            emulator.tags.clear()
            continue
        antenna, rssi = order.get("antenna", 1), order.get("rssi", -50.0)
        emulator.tags.append(EmulatedTag(epc=bytes.fromhex(order["card"]), antennas=(antenna,), rssi_dbm=rssi))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
