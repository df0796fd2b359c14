"""Counts what the gateway has kept, over the same API that the guards' page uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Tally:
    """What the gateway has kept of a run.

    Attributes:
        people, plates: different ones, each counted once however often they came.
        alerts: cases that guards got; a repeat joins the one that is open.
        notices: messages to guardians that were sent.
        cards: answers of lanes to a card.
        opened, refused: all answers of lanes: to cards, to plates, and to a guard who opens by hand.
    """

    people: int
    plates: int
    alerts: int
    notices: int
    cards: int = 0
    opened: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return "; ".join(self.lines())

    def lines(self) -> list[str]:
        """In words in which the numbers of a line add up."""
        said = [f"recognised: {_many(self.people, 'person', 'people')}, {_many(self.plates, 'plate')} (each once)"]
        if answers := self.opened + self.refused:
            others = answers - self.cards
            said.append(
                f"lanes were asked {_many(answers, 'time')} ({self.cards} by card, {others} by plate or by hand): "
                f"{self.opened} opened, {self.refused} refused"
            )
        said.append(f"told: {_many(self.alerts, 'alert')} to the guards, {_many(self.notices, 'notice')} to guardians")
        return said

    @property
    def anything(self) -> bool:
        """Whether somebody or something was recognised; an alert about a stranger is not that."""
        return bool(self.people or self.plates)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


class Console:
    """A signed-in session of the guards' API."""

    def __init__(self, url: str, ticket: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10)
        self._http.post("/api/session", json={"ticket": ticket}).raise_for_status()

    def tally(self) -> Tally:
        """What was recognised so far."""
        passages = list(self._all("/api/passages"))
        lanes = self._http.get("/api/lanes").raise_for_status().json()["items"]
        return Tally(
            people=len({item["person"]["id"] for item in passages if item["person"]}),
            plates=len({item["plate"] for item in passages if item["plate"]}),
            alerts=sum(1 for _ in self._all("/api/alerts")),
            notices=sum(1 for item in self._all("/api/notices") if item["state"] == "sent"),
            **{name: sum(lane[name] for lane in lanes) for name in ("cards", "opened", "refused")},
        )

    def sees_frames(self) -> bool:
        """Whether a camera of any node has given a frame."""
        return any(camera["last_frame_age_s"] is not None for node in self._nodes() for camera in node["cameras"])

    def settled(self) -> bool:
        """Whether every node says that nothing waits in its outbox, and no notice is under way."""
        notices = self._http.get("/api/notices").raise_for_status().json()["items"]
        return all(node["outbox"] == 0 for node in self._nodes()) and not any(
            item["state"] in ("queued", "sending") for item in notices
        )

    def close(self) -> None:
        """Sign out."""
        self._http.close()

    def _nodes(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._http.get("/api/nodes").raise_for_status().json()["items"]
        return items

    def _all(self, path: str) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            query = {"limit": "200"} | ({"before": cursor} if cursor else {})
            page = self._http.get(path, params=query).raise_for_status().json()
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return
