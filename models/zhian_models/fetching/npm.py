"""npm packages, without installing any: the configured registry is asked for the tarball's address."""

from __future__ import annotations

import os
import shutil
import subprocess
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

from ..errors import PullError
from ..manifest import Source
from .http import download, fetch_json
from .progress import Progress

CONFIGURATIONS = (Path("/etc/npmrc"), Path("~/.npmrc"))


def download_tarball(source: Source, folder: Path, progress: Progress) -> Path:
    """The package's tarball in `folder`; its sha256 is checked where the manifest pins it."""
    settings = read_settings()
    registry = _registry(settings, source.package)
    headers = _authorisation(settings, registry)
    address = f"{registry}{urllib.parse.quote(source.package, safe='@')}/{source.version}"
    try:
        tarball = str(fetch_json(address, headers)["dist"]["tarball"])
    except (KeyError, TypeError) as error:
        raise PullError(f"{address} names no tarball") from error
    target = folder / "package.tgz"
    download(tarball, target, progress, sha256=source.sha256, headers=headers)
    return target


def read_settings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """npm's settings that matter here, the environment last because it wins."""
    settings: dict[str, str] = {}
    own = environment.get("NPM_CONFIG_USERCONFIG") or environment.get("npm_config_userconfig")
    for path in (CONFIGURATIONS[0], Path(own) if own else CONFIGURATIONS[1].expanduser()):
        if path.is_file():
            settings.update(_parse(path.read_text(encoding="utf-8", errors="replace"), environment))
    for name, value in environment.items():
        if name.lower() == "npm_config_registry" and value:
            settings["registry"] = value
    return settings


def _parse(text: str, environment: Mapping[str, str]) -> dict[str, str]:
    """`key = value` lines; `${NAME}` stands for a variable."""
    settings = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and not key.lstrip().startswith(("#", ";")):
            for name, content in environment.items():
                value = value.replace(f"${{{name}}}", content)
            settings[key.strip()] = value.strip().strip("\"'")
    return settings


def _registry(settings: Mapping[str, str], package: str) -> str:
    scope = package.partition("/")[0] if package.startswith("@") else ""
    return (settings.get(f"{scope}:registry") or settings.get("registry") or _npms_own()).rstrip("/") + "/"


def _npms_own() -> str:
    """What npm itself would ask where nothing is configured; only npm knows."""
    npm = shutil.which("npm")
    if npm is None:
        raise PullError("which npm registry? install npm, set npm_config_registry, or pull --from a folder")
    done = subprocess.run([npm, "config", "get", "registry"], capture_output=True, text=True, check=False)  # noqa: S603
    address = done.stdout.strip()
    if done.returncode or not address.startswith("http"):
        raise PullError(f"npm does not say which registry it uses: {(done.stderr or address).strip()[-200:]}")
    return address


def _authorisation(settings: Mapping[str, str], registry: str) -> dict[str, str]:
    """A registry's token, which npm keeps under its address without the scheme."""
    token = settings.get(f"//{registry.partition('//')[2]}:_authToken")
    return {"Authorization": f"Bearer {token}"} if token else {}
