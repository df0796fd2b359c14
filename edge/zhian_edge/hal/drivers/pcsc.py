"""Desktop and panel readers for smart cards behind PC/SC: the number that a card without contacts tells.

Uses the blocking calls of PC/SC itself and not pyscard's monitor, whose thread ends when `pcscd` does. A context that
outlived its `pcscd` is of no use: whatever fails there is a lost device, and `open` makes a new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from smartcard import scard
from zhian_wire.cards import of_bytes
from zhian_wire.errors import BadIdentifier

from zhian_edge.config.readers import PcscReader
from zhian_edge.errors import DeviceLost
from zhian_edge.hal.contracts import Capabilities, Diagnostics, Managed
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead

#: GET DATA of PC/SC part 3, 3.2.2.1.3: the UID of the card in the field.
GET_UID: Final = [0xFF, 0xCA, 0x00, 0x00, 0x00]
#: A card that broke off while it was asked, or another put there before the reader saw the change, is asked once more.
AGAIN_S: Final = 0.2
#: The card was taken away, or there is nobody to talk to in it: no reader's fault.
_OF_THE_CARD: Final = frozenset(
    (
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_W_RESET_CARD,
        scard.SCARD_W_UNPOWERED_CARD,
        scard.SCARD_W_UNRESPONSIVE_CARD,
        scard.SCARD_W_UNSUPPORTED_CARD,
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_E_PROTO_MISMATCH,
        scard.SCARD_E_NOT_TRANSACTED,
    )
)
_GONE: Final = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE


class PcscDriver(Managed[PcscReader]):
    """Reads each card once when it is put on the reader; one that lies there at the start is read, too."""

    def __init__(self, settings: PcscReader, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings)
        self._clock = clock
        self._context: int | None = None
        self._readers: list[str] = []
        self._reader = ""
        self._state = scard.SCARD_STATE_UNAWARE
        self._again = False
        self._counters: Counter[str] = Counter()

    def open(self) -> None:
        """As `Device`.

        Raises:
            DeviceLost: `pcscd` does not run, or knows no such reader.
        """
        self.close()
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _check(code, "pcscd cannot be reached; is it running?")
        try:
            self._reader = self._found(context)
        except BaseException:  # whatever it was, nothing of it is left
            scard.SCardReleaseContext(context)
            raise
        self._context, self._state, self._again = context, scard.SCARD_STATE_UNAWARE, False

    def close(self) -> None:
        """As `Device`."""
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def read(self, timeout_s: float) -> CardRead | None:
        """As `CardReader`."""
        if self._context is None:
            raise DeviceLost(f"{self.name}: not open")
        wait_s = min(timeout_s, AGAIN_S) if self._again else timeout_s
        waited = [(self._reader, self._state)]
        code, states = scard.SCardGetStatusChange(self._context, max(round(wait_s * 1000), 1), waited)
        if code == scard.SCARD_E_TIMEOUT:
            return self._ask(self._context) if self._again else None
        _check(code, "pcscd is gone")
        state = states[0][1]
        if state & _GONE:
            raise DeviceLost(f"{self._reader}: the reader is gone")
        # The upper half counts how often a card came or went: two steps at once were a card that nobody could ask.
        steps = (state >> 16) - (self._state >> 16) & 0xFFFF
        if self._state != scard.SCARD_STATE_UNAWARE and steps > 1:
            self._counters["missed"] += steps // 2
        self._state, self._again = state & ~scard.SCARD_STATE_CHANGED, False
        return self._ask(self._context) if state & scard.SCARD_STATE_PRESENT and steps > 0 else None

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(
            link="pcscd",
            model=self._reader or self._settings.reader,
            capabilities=Capabilities(antennas=1),
            counters={name: self._counters[name] for name in ("reads", "garbled", "missed")},
            detail={"readers": ", ".join(self._readers)} if self._readers else {},
        )

    def _found(self, context: int) -> str:
        """The first reader whose name holds what was asked for."""
        code, readers = scard.SCardListReaders(context, [])
        if code != scard.SCARD_E_NO_READERS_AVAILABLE:
            _check(code, "pcscd tells no readers")
        self._readers = list(readers)
        for reader in self._readers:
            if self._settings.reader in reader:
                return reader
        wanted = f'"{self._settings.reader}"' if self._settings.reader else "any reader"
        raise DeviceLost(f"pcscd does not know {wanted}; it knows {', '.join(self._readers) or 'none'}")

    def _ask(self, context: int) -> CardRead | None:
        """Ask the card that is there; None when it went again or tells no number."""
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, protocol = scard.SCardConnect(context, self._reader, scard.SCARD_SHARE_SHARED, protocols)
        if self._torn(code):
            return None
        how = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        code, answer = scard.SCardTransmit(card, how, GET_UID)
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
        return None if self._torn(code) else self._understand(bytes(answer))

    def _torn(self, code: int) -> bool:
        """Whether the card is to blame; counts it. Raises `DeviceLost` for anything else that went wrong."""
        self._again = code in _OF_THE_CARD
        if not self._again:
            _check(code, self._reader)
            return False
        self._counters["garbled"] += 1
        return True

    def _understand(self, answer: bytes) -> CardRead | None:
        """The UID and the status 90 00; any other status is a card that has none: a contact card, a locked phone."""
        uid, status = answer[:-2], answer[-2:]
        self._again = len(answer) < 2  # torn away, as some readers' drivers tell it
        try:
            card, bits = of_bytes(uid[::-1] if self._settings.byte_order == "reversed" else uid)
        except BadIdentifier:
            status = b""
        if status != b"\x90\x00":
            self._counters["garbled"] += 1
            return None
        self._counters["reads"] += 1
        return CardRead(reader=self.name, at_ms=self._clock(), card=card, bits=bits)


def _check(code: int, what: str) -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise DeviceLost(f"{what}: {scard.SCardGetErrorMessage(code).rstrip('.')}")
