"""The feed page by page: in order, exactly once for who keeps the place, and by the documented clients."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.gateway import HttpOnly
from zhian_gateway.errors import BadInput, Restored
from zhian_gateway.police import subscribers
from zhian_gateway.police.pulling import number_of, place_of
from zhian_gateway.services import Services

from .test_police import raise_

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


def missing(program: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{program} is missing")
    pytest.skip(f"needs {program}")


@pytest.fixture
def token(parts: Services) -> str:
    with parts.store.write() as link:
        told = {"site": parts.site, "name": "station-1", "ground": "agreement 12", "webhook": "", "who": "t"}
        return subscribers.add(link, now=parts.now(), **told).token


@pytest.fixture
def pull(http: HttpOnly, token: str) -> Callable[..., httpx.Response]:
    def ask(after: str | None = None, tag: str = "", **asked: Any) -> httpx.Response:
        params = asked | ({} if after is None else {"after": after})
        headers = {"Authorization": f"Bearer {token}"} | ({"If-None-Match": tag} if tag else {})
        return httpx.get(f"{http.url}/police/entries", params=params, headers=headers, trust_env=False)

    return ask


Pull = Callable[..., httpx.Response]


def test_a_place_leads_back_to_its_entry_and_to_no_other_store() -> None:
    assert number_of(place_of("s-1", 42), "s-1") == 42
    with pytest.raises(Restored):
        number_of(place_of("s-1", 42), "s-2")
    for wrong in ("", "42", "s-1-", "s-1-x", f"s-1-{2**63}", "s-1-٤"):
        with pytest.raises(BadInput):
            number_of(wrong, "s-1")


def test_who_keeps_the_place_gets_each_entry_once_and_in_order(parts: Services, pull: Pull) -> None:
    got: list[int] = []
    place = None
    for turn in range(6):
        # More happens between two questions.
        for number in range(turn):
            raise_(parts, key=f"{turn}-{number}")
        page = pull(place, limit=2).raise_for_status().json()
        got += [entry["id"] for entry in page["items"]]
        place = page["next"]
    while page["more"]:
        page = pull(place, limit=2).raise_for_status().json()
        got += [entry["id"] for entry in page["items"]]
        place = page["next"]
    assert got == list(range(1, 16))
    assert pull(place).json() == {"items": [], "next": place, "more": False}


def test_while_nothing_is_new_nothing_is_sent(parts: Services, pull: Pull) -> None:
    raise_(parts)
    first = pull()
    again = pull(tag=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    raise_(parts, key="other")
    assert pull(tag=first.headers["ETag"]).status_code == 200


def test_a_place_of_before_a_restore_is_refused_and_says_so(parts: Services, pull: Pull) -> None:
    raise_(parts)
    answer = pull(place_of("another-store", 1))
    assert (answer.status_code, answer.json()["code"]) == (409, "restored")
    assert pull("nonsense").status_code == 422


def test_only_a_subscriber_that_is_welcome_gets_it(parts: Services, http: HttpOnly, pull: Pull) -> None:
    assert httpx.get(f"{http.url}/police/entries", trust_env=False).status_code == 401
    with parts.store.write() as link:
        subscribers.disable(link, site=parts.site, name="station-1", who="t", now=parts.now())
    assert pull().status_code == 401


CLIENTS = {
    "node": ("node", ["police-feed.mjs"], {"ROUNDS": "1"}),
    "python": (sys.executable, ["police_feed.py"], {"ROUNDS": "1"}),
    "shell": ("sh", ["police-feed.sh"], {"ONCE": "1"}),
}


@pytest.mark.parametrize("language", CLIENTS)
def test_the_documented_client_tells_each_case_once_over_its_own_restarts(
    parts: Services, http: HttpOnly, token: str, tmp_path: Path, language: str
) -> None:
    program, script, rounds = CLIENTS[language]
    for needed in (program, *(("curl", "jq") if language == "shell" else ())):
        if shutil.which(needed) is None:
            missing(needed)
    place = tmp_path / "place.txt"
    environment = os.environ | {"FEED": http.url, "TOKEN": token, "EVERY_S": "0", "NO_PROXY": "*"} | rounds
    told: list[int] = []
    for turn in range(3):
        raise_(parts, key=f"case-{turn}")
        command = [program, str(EXAMPLES / script[0]), str(place)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
        told += [json.loads(line)["case"] for line in done.stdout.splitlines()]
    assert told == [1, 2, 3]
    # The gateway was restored meanwhile: everything from the beginning, by number of case.
    place.write_text(place_of("another-store", 7))
    for _ in range(2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
        told += [json.loads(line)["case"] for line in done.stdout.splitlines()]
    assert told[3:] == [1, 2, 3]
