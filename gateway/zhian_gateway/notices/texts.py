"""What a notice says, in the guardian's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..rules.situation import Movement


@dataclass(frozen=True)
class Texts:
    """Formats of one language. `{name}`, `{time}`, `{site}` and `{lane}` are filled in."""

    title: dict[Movement, str]
    body: dict[Movement, str]
    late: str


LANGUAGES: Final[dict[str, Texts]] = {
    "zh-CN": Texts(
        title={"arrival": "{name} 已到达", "departure": "{name} 已离开"},
        body={
            "arrival": "{name} 于 {time} 进入{site}（{lane}）。",
            "departure": "{name} 于 {time} 离开{site}（{lane}）。",
        },
        late="【迟到的通知】以下情况发生于 {time}：",
    ),
    "en": Texts(
        title={"arrival": "{name} has arrived", "departure": "{name} has left"},
        body={
            "arrival": "{name} entered {site} ({lane}) at {time}.",
            "departure": "{name} left {site} ({lane}) at {time}.",
        },
        late="[Late notice] This happened at {time}: ",
    ),
}
DEFAULT: Final = "zh-CN"


def texts(language: str) -> Texts:
    """The formats of `language`, else of the site's usual one."""
    return LANGUAGES.get(language, LANGUAGES[DEFAULT])
