"""How a package that is missing is brought into the very environment that runs: another's `pip` would not help."""

from __future__ import annotations

import shlex
import sys


def pip_install(extra: str) -> str:
    """The command for a shell that brings what the extra `zhian[extra]` needs."""
    return f"{shlex.quote(sys.executable)} -m pip install 'zhian[{extra}]'"
