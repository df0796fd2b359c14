"""The configuration of barriers, contacts and alarm inputs: one class per driver, told apart by the key `driver`."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from zhian_edge.config.readers import Baud
from zhian_edge.config.section import Name, Section

Channel = Annotated[int, msgspec.Meta(ge=0, le=255)]
#: What a Modbus board's relays understand: `waveshare` ends a pulse by its own timer.
Board = Literal["waveshare", "coils"]
Parity = Literal["none", "even", "odd"]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class _Barrier(Section, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="driver"):
    """Common to all barriers.

    Attributes:
        id: names it in events and on the pages.
        lane: lane that it opens, one of [[lanes]].
        pulse_s: how long the relay is drawn to let somebody through.
        opens_within_s: with a door contact: not open by then after an order is an alert; 0: do not watch.
        held_s: with a door contact: open for longer than this after the pulse is an alert; 0: do not watch.
    """

    id: Name
    lane: Name
    pulse_s: Annotated[float, msgspec.Meta(ge=0.1, le=60)] = 1.0
    opens_within_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 3.0
    held_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 15.0


class ModbusBarrier(_Barrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="modbus"):
    """A relay of a Modbus board; several may share one `link`.

    Attributes:
        link: `tcp://host:502`, or `/dev/ttyUSB0` for RTU with `baud` and `parity`.
        relay: from 0. board: see `Board`; with `coils` the node itself ends the pulse.
        contact: discrete input of the door contact, from 0; none: there is no contact.
        contact_open: what the input says while the door is open.
    """

    link: str
    baud: Baud = 9600
    parity: Parity = "none"
    unit: Annotated[int, msgspec.Meta(ge=1, le=247)] = 1
    relay: Channel = 0
    board: Board = "waveshare"
    contact: Channel | None = None
    contact_open: bool = True


class OsdpBarrier(_Barrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="osdp"):
    """An output of an OSDP reader. `reader` is that reader's id; `output` and its input `contact` count from 0."""

    reader: Name
    output: Channel = 0
    contact: Channel | None = None
    contact_open: bool = True


class OnvifBarrier(_Barrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="onvif"):
    """A relay output of a camera or door station.

    `relay` is its ONVIF token (none: the first there is); `password_file` holds the password, readable by its owner
    only (relative to the configuration file).
    """

    host: str
    port: Port = 80
    user: str = ""
    password_file: str = ""
    relay: str = ""


class GpioBarrier(_Barrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="gpio"):
    """Lines of a GPIO chip such as `/dev/gpiochip0`; `active_low` for relays that draw at 0 volts."""

    chip: str
    line: Channel
    active_low: bool = False
    contact: Channel | None = None
    contact_open: bool = True


class VirtualBarrier(_Barrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="virtual"):
    """A barrier that only writes down its orders, a JSON line each, in `journal`; `script` makes it fail on demand."""

    journal: str = ""
    script: str = ""


Barrier: TypeAlias = ModbusBarrier | OsdpBarrier | OnvifBarrier | GpioBarrier | VirtualBarrier


class _Input(Section, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="driver"):
    """Common to all inputs.

    Attributes:
        role: what is wired to it: a door's contact (`door`), a help button, the fire panel, or another alarm.
        settle_s: a change must last so long to be told: contacts bounce.
    """

    id: Name
    lane: Name | None = None
    role: Literal["door", "help", "fire", "alarm"]
    settle_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 0.05


class ModbusInput(_Input, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="modbus"):
    """A discrete input of a Modbus board, from 0; `active` is what it reads when the door is open, the alarm is on."""

    link: str
    baud: Baud = 9600
    parity: Parity = "none"
    unit: Annotated[int, msgspec.Meta(ge=1, le=247)] = 1
    input: Channel = 0
    active: bool = True


class OsdpInput(_Input, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="osdp"):
    """An input of an OSDP reader, from 0."""

    reader: Name
    input: Channel = 0
    active: bool = True


class GpioInput(_Input, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="gpio"):
    """A line of a GPIO chip."""

    chip: str
    line: Channel
    active_low: bool = False
    bias: Literal["as-is", "pull-up", "pull-down"] = "as-is"


class VirtualInput(_Input, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="virtual"):
    """An input that a script plays, as a virtual reader."""

    script: str
    loop_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0


Input: TypeAlias = ModbusInput | OsdpInput | GpioInput | VirtualInput
