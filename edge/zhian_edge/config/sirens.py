"""The configuration of sirens: an output like a barrier's, of the same drivers, which no lane has."""

from __future__ import annotations

from typing import Literal, TypeAlias

from zhian_edge.config.actuators import GpioBarrier, ModbusBarrier, OnvifBarrier, OsdpBarrier, VirtualBarrier


class ModbusSiren(ModbusBarrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="modbus"):
    """A relay of a Modbus board that sounds the siren."""

    lane: Literal[""] = ""


class OsdpSiren(OsdpBarrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="osdp"):
    """An output of an OSDP reader that sounds the siren."""

    lane: Literal[""] = ""


class OnvifSiren(OnvifBarrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="onvif"):
    """A relay output of a camera or horn that sounds the siren."""

    lane: Literal[""] = ""


class GpioSiren(GpioBarrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="gpio"):
    """A line of a GPIO chip that sounds the siren."""

    lane: Literal[""] = ""


class VirtualSiren(VirtualBarrier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="virtual"):
    """A siren that only writes down its orders, as the virtual barrier."""

    lane: Literal[""] = ""


Siren: TypeAlias = ModbusSiren | OsdpSiren | OnvifSiren | GpioSiren | VirtualSiren
SIRENS = (ModbusSiren, OsdpSiren, OnvifSiren, GpioSiren, VirtualSiren)
