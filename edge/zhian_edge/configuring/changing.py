"""Changes the configuration of a running node: takes pushes, tries them, goes back. The shell around `standing`."""

from __future__ import annotations

import importlib.metadata
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import structlog
from zhian_wire.commands import Answer, CheckConfiguration, FetchConfiguration
from zhian_wire.configuration import Push, Report
from zhian_wire.secret_parts import scrubbed
from zhian_wire.state import NodeState

from zhian_edge.config.reading import read_text
from zhian_edge.configuring import standing as standings
from zhian_edge.configuring.choosing import Chosen
from zhian_edge.configuring.receiving import Judge
from zhian_edge.configuring.service import ConfigurationService
from zhian_edge.configuring.standing import Standing, Trial
from zhian_edge.configuring.wellness import Probation, Verdict, ailing, condition_of
from zhian_edge.delivery.credentials import Credentials
from zhian_edge.errors import EdgeError, PushRefused
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.supervisor import RetryPolicy, Supervisor

log = structlog.get_logger(__name__)

LOOK_S: Final = 0.5


class Changing:
    """The configuration of one run of a node.

    Args:
        state: the heart-beat as of now.
        linked: whether the broker is reached.
        now: the time, as text.
        again: the program is to begin anew, with what holds then.
        policy: of the thread that speaks to the gateway.
    """

    def __init__(
        self,
        chosen: Chosen,
        url: str,
        credentials: Credentials,
        *,
        state: Callable[[], NodeState],
        linked: Callable[[], bool],
        now: Callable[[], str],
        again: Callable[[], None],
        policy: RetryPolicy,
    ) -> None:
        self._chosen = chosen
        self._standing = chosen.standing
        self._tried = chosen.standing.trial
        self._pushed = bool(self._tried.mark if self._tried else chosen.standing.pushed)
        self._judge = Judge(chosen.text, chosen.mark, chosen.shelf.key, chosen.path)
        self._state = state
        self._linked = linked
        self._now = now
        self._again = again
        self._changing = threading.Lock()
        self._service = ConfigurationService(url, credentials, self._report)
        self.supervisors: Sequence[Supervisor[Any]] = [
            Supervisor(self._service, self._take, policy=policy, stale_s=None),
            *([Supervisor(_Watched(self._verdict), self._judged, stale_s=None)] if self._begin_trial() else []),
        ]

    def told(self) -> dict[str, Any]:
        """Which configuration this is, and what became of the last push, for `zhian-edge status`."""
        report = self._report()
        shown = ("mark", "origin", "trying", "outcome", "kept")
        return {name: msgspec.to_builtins(getattr(report, name)) for name in shown}

    def configure(self, command: CheckConfiguration | FetchConfiguration) -> Answer:
        """Look at a text, or fetch what is wanted."""
        if isinstance(command, FetchConfiguration):
            self._service.wake()
            return Answer(id=command.id, result="done")
        if command.base != self._judge.mark:
            return Answer(id=command.id, result="refused", detail="changed")
        problems = self._judge.problems(command.text)
        return Answer(id=command.id, result="done", data={"problems": msgspec.json.encode(problems).decode()})

    def _begin_trial(self) -> bool:
        if self._tried is None:
            return False
        self._probation = Probation(mono_ms(), self._tried.confirm_s * 1000)
        return True

    @property
    def _trial(self) -> Trial | None:
        """The one that this process tries, until it is over; another one is for the process after this one."""
        trial = self._standing.trial
        return trial if trial is not None and self._tried is not None and trial.push == self._tried.push else None

    def _report(self) -> Report:
        standing, trial = self._standing, self._trial
        return Report(
            mark=self._judge.mark,
            text=self._judge.redacted.text,
            origin="pushed" if self._pushed else "file",
            version=importlib.metadata.version("zhian"),
            kept=tuple(each for each in (*standing.kept, standing.file) if each != self._judge.mark),
            trying=trial.push if trial else "",
            outcome=standing.outcome,
        )

    def _take(self, push: Push) -> None:
        """In the service's thread: try what is wanted, or say why not."""
        with self._changing:
            if self._standing.trial is not None:
                return  # it comes again when this one is over
            try:
                text = self._judge.accept(push, self._former).text
            except PushRefused as error:
                log.warning("configuration refused", push=push.id, who=push.who, reason=str(error))
                self._keep(standings.refused(self._standing, push.id, self._now(), str(error)))
                self._service.wake()
                return
            mark = self._chosen.shelf.put(text)
            excused = tuple(ailing(self._state()))
            self._keep(standings.tried(self._standing, push, mark, excused))
        log.info("configuration is tried", push=push.id, who=push.who, why=push.why, mark=mark)
        self._again()

    def _former(self, mark: str) -> str:
        """A configuration that this node still has; the file itself is one of them."""
        if mark == self._standing.file:
            return read_text(self._chosen.path)
        return self._chosen.shelf.text(mark)

    def _verdict(self) -> Verdict | None:
        trial = self._trial
        if trial is None:
            return None
        connected = self._service.reached and self._linked()
        return self._probation.step(condition_of(self._state(), trial.excused, connected=connected), mono_ms())

    def _judged(self, verdict: Verdict) -> None:
        with self._changing:
            if self._trial is None:
                return
            if verdict.result == "well":
                self._keep(standings.applied(self._standing, self._now()))
                log.info("configuration is confirmed", mark=self._judge.mark)
                self._service.wake()
                return
            why = scrubbed(verdict.why)
            self._keep(standings.rolled_back(self._standing, self._now(), why))
        log.error("configuration goes back", why=why)
        self._again()

    def _keep(self, standing: Standing) -> None:
        self._chosen.shelf.keep(standing)
        self._standing = standing


class _Watched:
    """A service (see `supervisor`) that looks now and then whether a trial is over."""

    name = "trial"

    def __init__(self, look: Callable[[], Verdict | None]) -> None:
        self._look = look
        self._pause = threading.Event()

    def open(self) -> None:
        """Nothing to connect to."""

    def step(self) -> list[Verdict]:
        self._pause.wait(LOOK_S)
        verdict = self._look()
        return [] if verdict is None else [verdict]

    def close(self) -> None:
        """Nothing to hang up."""


def give_up(chosen: Chosen, now: Callable[[], str], why: str) -> bool:
    """Go back from a trial that this process cannot even judge; whether there was one that is not over.

    Raises:
        OSError: the folder cannot be written; the next start goes back.
    """
    standing = chosen.shelf.standing()
    if standing.trial is None or standing.trial.starts == 0:
        return False
    chosen.shelf.keep(standings.rolled_back(standing, now(), scrubbed(why)))
    return True


def reason(error: BaseException) -> str:
    """Why a trial could not begin, in one line without secrets."""
    words = str(error).splitlines()[0] if str(error) else type(error).__name__
    told = f"it could not start: {words}" if isinstance(error, EdgeError) else f"{type(error).__name__}: {words}"
    return scrubbed(told)
