"""What the gateway may ask of a node: each command is done once and answered, however often it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec
from zhian_wire.codec import decode_message, encode_message
from zhian_wire.commands import (
    Answer,
    CheckConfiguration,
    Command,
    FetchConfiguration,
    LetPass,
    Listen,
    Resend,
    SetLane,
    SignCount,
    SoundSiren,
    TakeBack,
    Watch,
    Wipe,
)
from zhian_wire.receipts import ALL_MOVED, MOVED
from zhian_wire.times import from_text

from zhian_edge.errors import NotWritten

from .database import Database
from .outbox import Outbox

#: Done twice they are as good as done once.
_HARMLESS = (Watch, Listen, SoundSiren, CheckConfiguration, FetchConfiguration)
Result = tuple[str, str, dict[str, str | int]]


class Orders:
    """Executes commands. What `watch`, `listen`, `wipe`, `configure` and the like do is done elsewhere, and handed in.

    `sound` tells how many sirens the node has. `set_lane`, `let_pass` and `take_back` return when what they ask for is
    on the disk, and raise `NotWritten` when it is not; what they return says why it was refused, if it was.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        *,
        watch: Callable[[Watch], bool],
        listen: Callable[[Listen], bool],
        set_lane: Callable[[SetLane], str],
        let_pass: Callable[[LetPass], str],
        take_back: Callable[[TakeBack], str],
        sound: Callable[[SoundSiren], int],
        wipe: Callable[[], None],
        now_ms: Callable[[], int],
        configure: Callable[[CheckConfiguration | FetchConfiguration], Answer] | None = None,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._watch = watch
        self._listen = listen
        self._set_lane = set_lane
        self._let_pass = let_pass
        self._take_back = take_back
        self._sound = sound
        self._wipe = wipe
        self._configure = configure
        self._now_ms = now_ms

    def execute(self, body: bytes) -> bytes:
        """The answer to a command, as it goes over the wire.

        Raises:
            DecodeError: it is no command, so that nobody can be answered.
        """
        command: Command = decode_message(body, Command)
        known = self._answered(command.id)
        if known is not None:
            return known
        done = self._do(command)
        answer = encode_message(done)
        if done.result == "failed" or isinstance(command, _HARMLESS):
            # Not kept: a failed command, sent again, is tried again; to watch, sound or look twice is to do it once.
            return answer
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO answer (command, body, at_ms) VALUES (?, ?, ?)",
                (command.id, answer, self._now_ms()),
            )
        return answer

    def takes_long(self, body: bytes) -> bool:
        """Whether a command is to be executed where nothing waits for it; such a one touches nothing of this node.

        Raises:
            DecodeError: as `execute`.
        """
        return isinstance(decode_message(body, Command), CheckConfiguration)

    def _answered(self, command: str) -> bytes | None:
        with self._database.reading() as db:
            row = db.execute("SELECT body FROM answer WHERE command = ?", (command,)).fetchone()
        return None if row is None else bytes(row[0])

    def _do(self, command: Command) -> Answer:
        now = datetime.fromtimestamp(self._now_ms() / 1000, UTC)
        if from_text(command.expires) < now:
            return Answer(id=command.id, result="expired", detail=f"it is {now:%Y-%m-%dT%H:%M:%SZ} here")
        match command:
            case Resend():
                return _done(command, {"reopened": self._outbox.reopen(command.epoch, command.ranges)})
            case SignCount():
                return _done(command, _counts(command.day, self._outbox.decided(command.day)))
            case Watch() | Listen() | SoundSiren():
                return self._for_now(command)
            case SetLane() | LetPass() | TakeBack():
                return self._by_hand(command, now)
            case Wipe() | CheckConfiguration() | FetchConfiguration():
                return self._wiped(command) if isinstance(command, Wipe) else self._configured(command)

    def _for_now(self, command: Watch | Listen | SoundSiren) -> Answer:
        """What lasts for as long as it is said again."""
        data: dict[str, str | int] = {}
        if isinstance(command, Watch):
            heeded, missing = self._watch(command), f"no camera {command.camera}"
        elif isinstance(command, Listen):
            heeded, missing = self._listen(command), f"no reader {command.reader} of a desk here"
        else:
            data = {"sirens": self._sound(command)}
            heeded, missing = data["sirens"] != 0, "no siren here"
        return _done(command, data) if heeded else Answer(id=command.id, result="refused", detail=missing)

    def _by_hand(self, command: SetLane | LetPass | TakeBack, now: datetime) -> Answer:
        if isinstance(command, SetLane) and from_text(command.until) <= now:
            return Answer(id=command.id, result="expired", detail=f"until {command.until} is over")
        try:
            refused = self._ordered(command)
        except NotWritten as error:
            # Sent again it is decided no second time, and answered when it is on the disk.
            return Answer(id=command.id, result="failed", detail=str(error))
        return Answer(id=command.id, result="refused", detail=refused) if refused else _done(command, {})

    def _ordered(self, command: SetLane | LetPass | TakeBack) -> str:
        match command:
            case SetLane():
                return self._set_lane(command)
            case LetPass():
                return self._let_pass(command)
            case TakeBack():
                return self._take_back(command)

    def _configured(self, command: CheckConfiguration | FetchConfiguration) -> Answer:
        if self._configure is None:
            return Answer(id=command.id, result="unsupported", detail="this node was started without its file")
        return self._configure(command)

    def _wiped(self, command: Wipe) -> Answer:
        try:
            self._wipe()
        except OSError as error:
            return Answer(id=command.id, result="failed", detail=str(error))
        return _done(command, {})


def _done(command: msgspec.Struct, data: Mapping[str, str | int]) -> Answer:
    return Answer(id=command.id, result="done", data=dict(data))  # type: ignore[attr-defined]


def _counts(day: str, by_epoch: Mapping[str, int]) -> dict[str, str | int]:
    """`decided` in all, and each epoch's part under its name; what was moved is one part."""
    moved = sum(count for epoch, count in by_epoch.items() if epoch.startswith(MOVED))
    parts: dict[str, str | int] = {epoch: count for epoch, count in by_epoch.items() if not epoch.startswith(MOVED)}
    if moved:
        parts[ALL_MOVED] = moved
    return {"day": day, "decided": sum(by_epoch.values()), **parts}
