"""Tells nodes that the gateway is there (again): without it they would wait, the longer the longer it was away.

The greeting is the receipt of everything that the store holds of the node, which is true at any time.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection
from zhian_wire import codec
from zhian_wire.receipts import MOVED, Receipt

from ..nodes import identity
from ..store import Store
from .intake import Outlet
from .progress import Progress
from .rows import Rows
from .sorting import Run

#: Names that wait at most; whoever may publish under any name must not fill the memory.
MOST_WAITING: Final = 1000


class Greeter:
    """Greets every node of the site once per connection to the broker, and once more when it is first heard on it.

    And once more when its count fell, since it is to begin another epoch before it gives out numbers twice.
    """

    def __init__(
        self,
        store: Store,
        rows: Rows,
        outlet: Outlet,
        *,
        site: str,
        falls: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        """`falls`: as `Services.falls`."""
        self._store = store
        self._falls = {} if falls is None else falls
        self._rows = rows
        self._outlet = outlet
        self._site = site
        self._lock = threading.Lock()
        self._everybody = False
        self._heard: set[Run] = set()
        self._greeted: dict[Run, int] = {}

    def connected(self) -> None:
        """The broker is there (again); any thread."""
        with self._lock:
            self._everybody = True
            self._heard.clear()
            self._greeted.clear()

    def heard(self, node: str, epoch: str) -> None:
        """A heart-beat came; any thread."""
        run = Run(node, epoch)
        with self._lock:
            if self._greeted.get(run) != self._falls.get(run, 0) and len(self._heard) < MOST_WAITING:
                self._heard.add(run)

    def step(self) -> int:
        """Greet whoever is to be greeted; always 0."""
        with self._lock:
            everybody, self._everybody = self._everybody, False
            heard, self._heard = self._heard, set()
        if not everybody and not heard:
            return 0
        falls = {run: self._falls.get(run, 0) for run in heard}
        with self._store.read() as link:
            admitted = set(identity.every(link, self._site))
            # All at once: there are years of them.
            known = self._rows.runs(link) if everybody else {run: self._rows.progress(link, run) for run in heard}
            waiting = {run for run, progress in known.items() if not _is_done(run, progress)}
            wanted = sorted(run for run in waiting | heard if run.node in admitted)
            receipts = [self._receipt(link, run, known.get(run, Progress())) for run in wanted]
        with self._lock:
            self._greeted |= {run: fell for run, fell in falls.items() if run.node in admitted}
        for receipt in receipts:
            self._outlet.publish(receipt.node, "receipt", codec.encode_message(receipt))
        return 0

    def _receipt(self, link: Connection, run: Run, progress: Progress) -> Receipt:
        gapped = progress.through < progress.highest
        return Receipt(
            node=run.node,
            epoch=run.epoch,
            through=progress.through,
            also=tuple(self._rows.settled(link, run, progress.through)) if gapped else (),
            highest=max(progress.highest, self._falls.get(run, 0)),
            store_id=self._store.store_id,
        )


def _is_done(run: Run, progress: Progress) -> bool:
    """Whether nothing more can come: there may be a run for each event of a day that a card and its copy both told."""
    return run.epoch.startswith(MOVED) and progress.through == progress.highest
