"""Relay outputs of cameras and door stations over ONVIF (onvif-zeep-async).

The library is asynchronous; its loop belongs to this driver and runs only inside of the driver's own calls. ONVIF's
device management (core specification, 8.6) can set a relay's mode and state but not read the state back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import aiohttp
from onvif import ONVIFCamera
from onvif.exceptions import ONVIFAuthError, ONVIFError
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault

from zhian_edge.config.actuators import OnvifBarrier
from zhian_edge.delivery.credentials import read_secret
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError, Unconfirmed
from zhian_edge.hal.contracts import BarrierState, Capabilities, Diagnostics, Managed
from zhian_edge.hal.expiry import demand
from zhian_edge.process.clock import mono_ms

#: Reading the service's description alone takes a second of a small processor.
OPEN_S: Final = 15.0
ANSWER_S: Final = 3.0
LEAVE_S: Final = 1.0
#: A camera is asked so often whether it is still there: it has other things to do.
ASK_MS: Final = 10_000
_UNANSWERED: Final = (ONVIFError, ZeepError, aiohttp.ClientError, OSError, TimeoutError)
T = TypeVar("T")

logging.getLogger("onvif").setLevel(logging.CRITICAL)
logging.getLogger("zeep").setLevel(logging.CRITICAL)


class OnvifBarrierDriver(Managed[OnvifBarrier]):
    """One relay output, which ends its pulses by itself (mode `Monostable`)."""

    def __init__(self, settings: OnvifBarrier, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings)
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._camera: Any = None
        self._device: Any = None
        self._token = ""
        self._mode: tuple[str, int] | None = None
        self._heard_ms = 0
        self._model = self._firmware = self._serial = ""
        self._orders = 0

    def open(self) -> None:
        """Find the relay.

        Raises:
            DeviceLost: it does not answer.
            DeviceRefused: wrong password, or no such relay.
            BadSecret: the password's file cannot be used.
        """
        self.close()
        password = read_secret(Path(self._settings.password_file)) if self._settings.password_file else None
        self._loop = asyncio.new_event_loop()
        try:
            self._run(self._find(password), OPEN_S, DeviceLost)
        except BaseException:  # whatever it was, nothing of it is left
            self.close()
            raise

    def close(self) -> None:
        """As `Device`."""
        loop, self._loop = self._loop, None
        camera, self._camera, self._device = self._camera, None, None
        if loop is None:
            return
        try:
            if camera is not None:
                with suppress(*_UNANSWERED):
                    loop.run_until_complete(asyncio.wait_for(camera.close(), LEAVE_S))
        finally:
            loop.close()

    def pulse(self, duration_ms: int, until_ms: int | None = None) -> None:
        """As `Barrier`. Between its two requests some seconds may go by."""
        demand(until_ms, self._clock())
        self._set_mode("Monostable", duration_ms)
        demand(until_ms, self._clock())
        self._set_state("active")

    def hold(self) -> None:
        """As `Barrier`."""
        self._set_mode("Bistable", 0)
        self._set_state("active")

    def shut(self) -> None:
        """As `Barrier`."""
        self._set_state("inactive")

    def state(self) -> BarrierState:
        """As `Barrier`; nothing tells more than that the device is there."""
        if self._clock() - self._heard_ms >= ASK_MS:
            self._run(self._ask("GetRelayOutputs"), ANSWER_S, DeviceLost)
        elif self._loop is None:
            raise DeviceLost(f"{self._where}: not open")
        return BarrierState()

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(
            link=f"{self._settings.host}:{self._settings.port}, relay {self._token or self._settings.relay}",
            model=self._model,
            firmware=self._firmware,
            serial=self._serial,
            capabilities=Capabilities(timed=True),
            counters={"orders": self._orders},
        )

    async def _find(self, password: str | None) -> None:
        settings = self._settings
        # Its clock may be wrong, and so may ours: digests are made by the difference.
        self._camera = ONVIFCamera(settings.host, settings.port, settings.user or None, password, adjust_time=True)
        await self._camera.update_xaddrs()
        self._device = await self._camera.create_devicemgmt_service()
        about = await self._ask("GetDeviceInformation")
        self._model, self._firmware, self._serial = about.Model, about.FirmwareVersion, about.SerialNumber
        tokens = [relay.token for relay in await self._ask("GetRelayOutputs")]
        if not tokens or (settings.relay and settings.relay not in tokens):
            there = ", ".join(tokens) or "none"
            raise DeviceRefused(f"{self._where}: there is no relay {settings.relay!r}; there is {there}")
        self._token, self._mode = settings.relay or tokens[0], None

    def _set_mode(self, mode: str, delay_ms: int) -> None:
        """Nothing moves by this, so that a failure is only a failure."""
        if self._mode == (mode, delay_ms):
            return
        properties = {"Mode": mode, "DelayTime": timedelta(milliseconds=delay_ms or 1000), "IdleState": "open"}
        order = {"RelayOutputToken": self._token, "Properties": properties}
        self._run(self._ask("SetRelayOutputSettings", order), ANSWER_S, DeviceLost)
        self._mode = mode, delay_ms

    def _set_state(self, state: str) -> None:
        order = {"RelayOutputToken": self._token, "LogicalState": state}
        self._run(self._ask("SetRelayOutputState", order), ANSWER_S, Unconfirmed)
        self._orders += 1

    async def _ask(self, operation: str, words: dict[str, Any] | None = None) -> Any:
        answer = await getattr(self._device, operation)(words or {})
        self._heard_ms = self._clock()
        return answer

    def _run(self, work: Coroutine[Any, Any, T], within_s: float, unanswered: type[EdgeError]) -> T:
        """Run `work` to its end; what the library raises becomes ours."""
        loop = self._loop
        if loop is None:
            work.close()
            raise DeviceLost(f"{self._where}: not open")
        try:
            return loop.run_until_complete(asyncio.wait_for(work, within_s))
        except ONVIFAuthError as error:
            raise DeviceRefused(f"{self._where}: wrong user or password") from error
        except Fault as error:
            self._mode = None
            raise _refusal(self._where, error) from error
        except _UNANSWERED as error:
            self._mode = None
            if isinstance(error.__cause__, Fault):
                raise _refusal(self._where, error.__cause__) from error
            kind = DeviceLost if isinstance(error, aiohttp.ClientConnectorError) else unanswered
            raise kind(f"{self._where}: {error or type(error).__name__}") from error

    @property
    def _where(self) -> str:
        return f"{self.name} ({self._settings.host}:{self._settings.port})"


def _refusal(where: str, fault: Fault) -> DeviceRefused:
    """The device understood, and does not want to."""
    codes = " ".join(str(code) for code in fault.subcodes or ())
    if "NotAuthorized" in codes or "authori" in str(fault.message).lower():
        return DeviceRefused(f"{where}: wrong user or password")
    return DeviceRefused(f"{where}: {fault.message}")
