"""What the page itself lists: its pages, whose work they are, and its words; so that a new one is tried, too."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Final

from zhian_gateway.auth.sessions import ROLES

SOURCES: Final = Path(__file__).resolve().parents[2] / "gateway" / "console" / "src"


def listed(file: str, pattern: str) -> list[str]:
    """The quoted names in what `pattern` finds in a file of the page."""
    found = re.search(pattern, (SOURCES / file).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, f"{file}: {pattern}"
    return re.findall(r'"([a-z-]+)"', found[1])


def _in_table() -> list[str]:
    """Every page that somebody who is signed in can open, from the table that opens them."""
    text = (SOURCES / "pages" / "table.tsx").read_text(encoding="utf-8")
    table = re.search(r"export const PAGES.*?= \{(.*?)\n\};", text, re.DOTALL)
    assert table is not None
    return [name for name in re.findall(r"^  (\w+):", table[1], re.MULTILINE) if name != "nowhere"]


def _areas() -> set[str]:
    """The first words of all keys, such as the `watch` of `watch.title`."""
    catalogues = sorted((SOURCES / "i18n" / "en").glob("*.ts"))
    texts = [path.read_text(encoding="utf-8") for path in catalogues]
    return set(itertools.chain.from_iterable(re.findall(r"^  ([a-z_]+): \{", text, re.MULTILINE) for text in texts))


PAGES: Final = _in_table()
#: Each role's pages, in the order of its day.
WORK: Final = {role: listed("logic/roles.ts", rf"\b{role}: \[(.*?)\]") for role in ROLES}
#: Every page that has an address, also those of who is not signed in.
ADDRESSES: Final = listed("logic/route.ts", r"PAGE_NAMES = \[(.*?)\]")
#: What i18next shows for a key that no catalogue has. Not within an address or a file's name.
KEY: Final = re.compile(rf"(?<![\w./-])(?:{'|'.join(sorted(_areas()))})\.[a-z_]+\b(?![./(])")
