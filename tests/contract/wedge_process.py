"""A keyboard wedge, in a process of its own, made by the kernel's uinput with evdev's `UInput`.

`python wedge_process.py LINK`: makes a keyboard, puts its device's name at LINK and obeys lines on its standard input,
each answered when it is typed: `type TEXT`, `garbage`, `cut TEXT` (without Enter, then a pause).
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import time
from pathlib import Path

from evdev import UInput, ecodes

#: A USB keyboard is asked every 8 ms; each press and each letting go is a report of its own.
REPORT_S = 0.008
#: Longer than a wedge ever waits within a line.
PAUSE_S = 0.4


def tap(keyboard: UInput, code: int) -> None:
    for value in (1, 0):
        keyboard.write(ecodes.EV_KEY, code, value)
        keyboard.syn()
        time.sleep(REPORT_S)


def type_text(keyboard: UInput, text: str) -> None:
    for sign in text:
        if sign.isupper():
            keyboard.write(ecodes.EV_KEY, ecodes.KEY_LEFTSHIFT, 1)
            keyboard.syn()
        tap(keyboard, ecodes.ecodes[f"KEY_{sign.upper()}"])
        if sign.isupper():
            keyboard.write(ecodes.EV_KEY, ecodes.KEY_LEFTSHIFT, 0)
            keyboard.syn()


def obey(keyboard: UInput, word: str, text: str) -> None:
    if word == "garbage":
        for code in (
            ecodes.KEY_F5,
            ecodes.KEY_ESC,
            ecodes.KEY_2,
            ecodes.KEY_LEFTALT,
            ecodes.KEY_HOME,
            ecodes.KEY_ENTER,
        ):
            tap(keyboard, code)
    else:
        type_text(keyboard, text)
        if word == "type":
            tap(keyboard, ecodes.KEY_ENTER)
        else:
            time.sleep(PAUSE_S)


def made_with() -> str:
    """evdev comes as source, or built under another name."""
    names = {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}
    name = next(name for name in ("evdev", "evdev-binary") if name in names)
    return f"{name} {names[name]}"


def main(link: Path) -> None:
    with UInput(name="zhian test wedge") as keyboard:
        made = link.with_suffix(".new")
        made.symlink_to(keyboard.device.path)
        made.rename(link)
        print(f"up uinput of Linux {platform.release()}, {made_with()}", flush=True)
        for line in sys.stdin:
            word, _, text = line.strip().partition(" ")
            obey(keyboard, word, text)
            print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
