"""Follows a site's police feed page by page, and keeps its place in a file. Python 3.11, nothing else.

FEED=https://gate.school.example TOKEN=... python3 police_feed.py place.txt >> cases.jsonl
"""

import json
import os
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

FEED, TOKEN = os.environ["FEED"], os.environ["TOKEN"]
EVERY_S, ROUNDS = float(os.environ.get("EVERY_S", "5")), int(os.environ.get("ROUNDS", "0"))


def ask(place: str) -> dict:
    """The page after a place; from the beginning where the gateway was restored from a backup."""
    query = urlencode({"limit": 100} | ({"after": place} if place else {}))
    asked = Request(f"{FEED}/police/entries?{query}", headers={"Authorization": f"Bearer {TOKEN}"})
    try:
        with urlopen(asked, timeout=30) as answer:
            return json.load(answer)
    except HTTPError as error:
        if error.code == 409 and place:
            return ask("")
        raise


def follow(file: Path) -> None:
    """Print each entry once, as long as the file stays."""
    place = file.read_text().strip() if file.exists() else ""
    rounds = 0
    while not ROUNDS or rounds < ROUNDS:
        rounds += 1
        more = False
        try:
            page = ask(place)
        except (URLError, OSError) as error:
            print(error, file=sys.stderr)  # The gateway is away: ask again later, from the same place.
        else:
            for entry in page["items"]:
                print(json.dumps(entry, ensure_ascii=False), flush=True)
            place, more = page["next"], page["more"]
            # Whole or not at all: a place that is half written would be no place.
            fresh = file.with_suffix(".new")
            fresh.write_text(place)
            fresh.replace(file)
        if not more and rounds != ROUNDS:
            time.sleep(EVERY_S)


follow(Path(sys.argv[1] if len(sys.argv) > 1 else "place.txt"))
