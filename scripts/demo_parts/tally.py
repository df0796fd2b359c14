"""Counts what the gateway has kept, over the same API that the guards' page uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Tally:
    """Distinct people and plates by name, alerts, notices that were sent, and what the lanes did."""

    people: int
    plates: int
    alerts: int
    notices: int
    cards: int = 0
    opened: int = 0
    refused: int = 0

    def __str__(self) -> str:
        seen = f"recognised: {self.people} people, {self.plates} plates, {self.alerts} alerts, {self.notices} notices"
        if not (self.cards or self.opened or self.refused):
            return seen
        return f"{seen}; lanes: {self.cards} cards, {self.opened} openings, {self.refused} refusals"

    @property
    def anything(self) -> bool:
        """Whether somebody or something was recognised; an alert about a stranger is not that."""
        return bool(self.people or self.plates)


class Console:
    """A signed-in session of the guards' API."""

    def __init__(self, url: str, ticket: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10)
        self._http.post("/api/session", json={"ticket": ticket}).raise_for_status()

    def tally(self) -> Tally:
        """What was recognised so far."""
        passages = list(self._all("/api/passages"))
        notices = self._http.get("/api/notices").raise_for_status().json()["items"]
        lanes = self._http.get("/api/lanes").raise_for_status().json()["items"]
        return Tally(
            people=len({item["person"]["id"] for item in passages if item["person"]}),
            plates=len({item["plate"] for item in passages if item["plate"]}),
            alerts=sum(1 for _ in self._all("/api/alerts")),
            notices=sum(1 for item in notices if item["state"] == "sent"),
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
