"""A relay board in a process of its own (pymodbus' server): JSON lines in, JSON lines out.

Arguments: its port, or the path of its serial line. In: `{"input": N, "level": 0 or 1}`. Out: `{"ready": true,
"version": TEXT}`, and per order `{"order": "pulse" | "on" | "off", "relay": N, "ms": N}`. As Waveshare's boards it ends
a pulse by itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
import sys
from typing import Any

import pymodbus
from pymodbus import FramerType
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.bit_message import WriteSingleCoilRequest
from pymodbus.server import ModbusSerialServer, ModbusTcpServer

RELAYS = 8
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


class Order(WriteSingleCoilRequest):
    """Writes a coil; at 0x0200 and above it draws for a time. The answer is the request again."""

    value = 0

    def decode(self, data: bytes) -> None:
        super().decode(data)
        self.value = struct.unpack(">H", data[2:4])[0]

    def encode(self) -> bytes:
        return struct.pack(">HH", self.address, self.value)

    async def datastore_update(self, context: ModbusServerContext, device_id: int) -> ModbusPDU:
        timed = self.address >= 0x200
        relay = self.address & 0xFF
        if relay >= RELAYS:
            return await super().datastore_update(context, device_id)
        say(order="pulse" if timed else "on" if self.value else "off", relay=relay, ms=self.value * 100 if timed else 0)
        await context.async_setValues(device_id, 5, relay, [bool(self.value)])
        if timed:
            off = context.async_setValues(device_id, 5, relay, [False])
            asyncio.get_running_loop().call_later(self.value / 10, lambda: asyncio.ensure_future(off))
        answer = Order(address=self.address, dev_id=self.dev_id, transaction_id=self.transaction_id)
        answer.value = self.value
        return answer


async def main(link: str) -> None:
    block = ModbusSequentialDataBlock
    device = ModbusDeviceContext(di=block(1, [False] * RELAYS), co=block(1, [False] * RELAYS))
    context = ModbusServerContext(devices=device, single=True)
    server: ModbusTcpServer | ModbusSerialServer
    if link.isdecimal():
        server = ModbusTcpServer(context, address=("127.0.0.1", int(link)), custom_pdu=[Order])
    else:
        server = ModbusSerialServer(context, framer=FramerType.RTU, port=link, baudrate=9600, custom_pdu=[Order])
    await server.serve_forever(background=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    say(ready=True, version=f"pymodbus {pymodbus.__version__}")
    while line := await lines.readline():
        order = json.loads(line)
        await server.context.async_setValues(1, 2, order["input"], [bool(order["level"])])
        say(level=order["level"])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
