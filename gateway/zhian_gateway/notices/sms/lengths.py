"""How long a text message is, and in how many parts it goes: that is what is paid for.

Mainland China counts characters, whatever script they are in: 70 in one part, 67 in each of several, 500 at most
("短信计费规则" of both providers). The signature and its brackets count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

ONE_PART: Final = 70
EACH_PART: Final = 67
MOST: Final = 500

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9_]+)\}|\{(\d+)\}")


def parts(text: str) -> int:
    """In how many parts a text goes, signature included."""
    return 1 if len(text) <= ONE_PART else -(-len(text) // EACH_PART)


def variables(text: str) -> set[str]:
    """The names in an approved template's text: `${name}` (Aliyun) or `{1}` (Tencent)."""
    return {match[1] or match[2] for match in _VARIABLE.finditer(text)}


def filled(sign: str, text: str, parameters: Mapping[str, str]) -> str:
    """The message as it arrives."""
    return f"【{sign}】" + _VARIABLE.sub(lambda match: parameters.get(match[1] or match[2], match[0]), text)


def too_long(parameters: Mapping[str, str], most: int | None) -> str | None:
    """Which variable holds more than the provider takes, or nothing at all, in words; None where all is well."""
    for name, value in parameters.items():
        if not value:
            return f"the template's variable {name} would be empty"
        if most is not None and len(value) > most:
            return f"the template's variable {name} takes {most} characters, and would have {len(value)}"
    return None
