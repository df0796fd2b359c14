"""What calibration says on a terminal, in the language of the environment; the report speaks both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text as Rich

from zhian_edge.calibration.verdicts import Item, Language, Text, Verdict

_MARKS: Final[dict[Verdict, tuple[str, str]]] = {
    "good": ("●", "green"),
    "poor": ("▲", "yellow"),
    "bad": ("■", "red"),
    "unknown": ("○", ""),
}


def language_of(environment: Mapping[str, str]) -> Language:
    """Chinese where the locale of messages says so, else English."""
    named = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, named), "").lower().startswith("zh") else "en"


@dataclass(frozen=True)
class Teller:
    """Prints on `console` in one language."""

    console: Console
    language: Language

    def say(self, text: Text, style: str = "") -> None:
        """One message; an address or a command in it is never broken."""
        self.console.print(text.into(self.language), style=style, markup=False, soft_wrap=True)

    def items(self, camera: str, items: Iterable[Item]) -> None:
        """A camera's items, each with what to do about it; long ones go on below their own beginning."""
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for item in items:
            name, value, advice = (text.into(self.language) for text in (item.name, item.value, item.advice))
            mark, colour = _MARKS[item.verdict]
            colon = "：" if self.language == "zh" else ": "
            table.add_row(Rich(f"  {mark}", colour), Rich(f"{name}{colon}{value}"))
            if advice:
                table.add_row("", Rich(advice))
        self.console.print(f"\n{camera}", style="bold", markup=False)
        self.console.print(table)
