"""A small disk of its own for a folder, which can be filled to the last byte: what fails then fails for real."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from typing import Final

_BALLAST: Final = "ballast"
_BLOCK: Final = bytes(64 * 1024)


class CannotMount(Exception):
    """Only who may mount file systems can have one."""


class SmallDisk:
    """A file system in memory, mounted at `folder`."""

    def __init__(self, folder: Path, mib: int) -> None:
        """Mount it.

        Raises:
            CannotMount: this user may not.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        options = f"size={mib}m,mode=0700,uid={os.getuid()},gid={os.getgid()}"
        command = ["mount", "-t", "tmpfs", "-o", options, "zhian-test", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotMount(done.stderr.strip())

    def fill(self) -> None:
        """Leave no byte."""
        with (self._folder / _BALLAST).open("ab", buffering=0) as file:
            for block in (_BLOCK, _BLOCK[:4096], _BLOCK[:1]):
                try:
                    while file.write(block):
                        pass
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        """Take the ballast away."""
        (self._folder / _BALLAST).unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount it, whoever still has files open there."""
        subprocess.run(["umount", "-l", str(self._folder)], check=False)
