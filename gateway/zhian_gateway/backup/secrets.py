"""The keys, copied apart: whoever finds them without a backup, or a backup without them, has nothing."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

from ..config_types import Config
from ..errors import BackupError, KeyFault
from ..store import keyfile
from .contents import write_file

VAULT: Final = "vault.key"
AUTHORITY: Final = "authority"


def copy_keys(config: Config, target: Path) -> list[Path]:
    """Copy the key file and the site's authority into the new folder `target`; where they lie here.

    Raises:
        BackupError: the folder is there already, or cannot be written.
    """
    sources = [config.store.keys]
    try:
        target.mkdir(mode=0o700, parents=True)
        _copy(config.store.keys, target / VAULT)
        if config.authority is not None and Path(config.authority.home).is_dir():
            (target / AUTHORITY).mkdir(mode=0o700)
            for file in sorted(Path(config.authority.home).glob("*.pem")):
                _copy(file, target / AUTHORITY / file.name)
                sources.append(file)
    except OSError as error:
        raise BackupError(f"{target}: {error}") from error
    return sources


def _copy(source: Path, target: Path) -> None:
    write_file(target, source.read_bytes())


def find_keys(config: Config, folder: Path | None, needed: Collection[str]) -> tuple[keyfile.Key, ...]:
    """The keys that a backup needs: out of the folder that was given, else where the configuration says they are.

    Raises:
        BackupError: they are in neither.
    """
    place = folder / VAULT if folder is not None else config.store.keys
    try:
        found = keyfile.read(place)
    except KeyFault as error:
        hint = "" if folder is not None else "; or say with --keys where the folder with their copies is"
        raise BackupError(f"the backup needs its keys ({', '.join(sorted(needed))}): {error}{hint}") from error
    if missing := sorted(set(needed) - {key.id for key in found}):
        raise BackupError(f"{place} does not hold key {', '.join(missing)}, which the backup needs")
    return found


def put_authority(config: Config, folder: Path | None) -> bool:
    """Put the authority's copy where the configuration wants it, unless there is one; whether it was put."""
    if folder is None or config.authority is None or not (folder / AUTHORITY).is_dir():
        return False
    home = Path(config.authority.home)
    if home.exists() and any(home.iterdir()):
        return False
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in sorted((folder / AUTHORITY).glob("*.pem")):
        shutil.copy(file, home / file.name)
    return True
