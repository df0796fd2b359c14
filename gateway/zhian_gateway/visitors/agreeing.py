"""What visitors are asked to agree to: the words, in both languages, with the version that is kept with a consent.

Whoever changes the words changes `VERSION`; the services that a site has asked are part of the version that is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, Literal

Language = Literal["zh-CN", "en"]
#: keeping: of what was typed, without which nobody can be registered; photo: at the window; face: for the day only.
Purpose = Literal["keeping", "photo", "face"]
PURPOSES: Final[tuple[Purpose, ...]] = ("keeping", "photo", "face")
VERSION: Final = "2026-11"

_WORDS: Final[dict[Language, dict[Purpose, str]]] = {
    "zh-CN": {
        "keeping": (
            "我同意{site}为本次来访登记处理我填写的姓名、电话、车牌和证件号码，并与本单位的名单核对{passed}。"
            "这些信息加密保存，来访结束 {days} 天后删除；期间可要求查阅或提前删除。"
        ),
        "photo": "我同意在窗口拍摄一张照片，仅供门卫核对，与登记信息一同删除。",
        "face": (
            "我同意仅在来访当天用我的面部信息开门并与本单位的名单核对，来访结束即删除。不同意也可以用通行码或临时卡。"
        ),
    },
    "en": {
        "keeping": (
            "I agree that {site} processes the name, telephone, plate and identity number that I give, to register "
            "this visit and to hold them against its own lists{passed}. They are kept encrypted and are deleted {days} "
            "days after the visit; until then I may ask to see them or to have them deleted."
        ),
        "photo": "I agree to one photograph at the window, for the guards alone; it is deleted with the registration.",
        "face": (
            "I agree that my face opens the way and is held against the site's own lists on the day of the visit only, "
            "and is deleted when it ends. Without this a pass code or a temporary card does as well."
        ),
    },
}


#: What is added where another service is asked about a visitor: it is named, since data leaves the site for it.
_PASSED: Final[dict[Language, str]] = {
    "zh-CN": "，并将姓名、车牌和证件号码提供给{names}核对",
    "en": ", and passes name, plate and identity number to {names} for the same",
}


def version(services: Sequence[str]) -> str:
    """What is kept with a consent: the words of this program, and to whom they say that data is passed."""
    return f"{VERSION}-{hashlib.sha256('/'.join(services).encode()).hexdigest()[:8]}" if services else VERSION


def words(language: Language, site: str, days: int, services: Sequence[str] = ()) -> dict[Purpose, str]:
    """The text of each purpose; `services` are asked about each visitor beside the site's own list."""
    names = ("、" if language == "zh-CN" else ", ").join(services)
    passed = _PASSED[language].format(names=names) if services else ""
    return {purpose: text.format(site=site, days=days, passed=passed) for purpose, text in _WORDS[language].items()}
