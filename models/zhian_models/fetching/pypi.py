"""Python packages: read where they are installed, else downloaded by pip, which honours its own configuration.

Nothing is imported, built or installed. pip can only download a source archive by running its set-up script,
so those are looked up in pip's configured index and fetched directly.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urljoin, urlparse

from ..errors import MissingMember, NoSpace, PullError, Unreachable
from ..manifest import Source
from .http import download, fetch_text
from .progress import Progress

PIPS_OWN_INDEX = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
NO_LINE = re.compile(r"connection error|timed out|confirming the ssl|Retrying \(|\b5\d\d Server Error")
"""What pip says, verbosely, of an index that it cannot reach."""


def installed_members(source: Source, paths: list[str]) -> dict[str, bytes]:
    """Those of `paths` that an installed package of exactly this version holds."""
    try:
        distribution = metadata.distribution(source.package)
    except metadata.PackageNotFoundError:
        return {}
    if distribution.version != source.version:
        return {}
    files = {path: Path(str(distribution.locate_file(path))) for path in paths}
    return {path: file.read_bytes() for path, file in files.items() if file.is_file()}


def download_wheel(source: Source, folder: Path, progress: Progress) -> Path:
    """The package's wheel in `folder`. Raises Unreachable, MissingMember (not in the index), NoSpace."""
    progress.begin(f"downloading {source.package} {source.version}", source.size or None)
    wanted = f"{source.package}=={source.version}"
    arguments = ("-vv", "--no-deps", "--only-binary=:all:", "--ignore-requires-python", "-d", str(folder))
    _pip("download", *arguments, wanted, scratch=folder)
    wheels = list(folder.glob("*.whl"))
    if not wheels:
        raise PullError(f"pip said that it downloaded {wanted}, but there is no wheel")
    return wheels[0]


def download_source_archive(source: Source, folder: Path, progress: Progress) -> Path:
    """The package's source archive in `folder`, from the first configured index that has it."""
    reasons = []
    for index in _indexes():
        page = f"{index.rstrip('/')}/{_normal(source.package)}/"
        try:
            address = next(_links(page, fetch_text(page), source), "")
        except PullError as error:
            reasons.append(error)
            continue
        if address:
            target = folder / "source.tar.gz"
            download(address, target, progress, sha256=source.sha256)
            return target
    unreachable = [r for r in reasons if isinstance(r, Unreachable)]
    if unreachable:
        raise unreachable[0]
    raise MissingMember(f"no index has a source archive of {source.package} {source.version}")


def _pip(*arguments: str, scratch: Path | None = None) -> str:
    """Run pip, whose temporary files go to `scratch`; raises a PullError that says what it complained about."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    environment = {**os.environ, **({"TMPDIR": str(scratch)} if scratch else {})}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    except OSError as error:
        raise PullError(f"pip cannot be run: {error}") from error
    if done.returncode:
        raise _pip_error(f"{done.stdout}\n{done.stderr}".strip())
    return done.stdout


def _pip_error(text: str) -> PullError:
    """pip tells everything in words; sort them into our errors."""
    last = next((line for line in reversed(text.splitlines()) if line.startswith("ERROR")), text[-300:])
    if "No module named pip" in text:
        return PullError(f"{sys.executable} has no pip: run `{sys.executable} -m ensurepip`, or pull --from a folder")
    if "No space left" in text:
        return NoSpace(f"the disk is full: {last}")
    if NO_LINE.search(text):
        return Unreachable(f"the package index cannot be reached: {last}")
    return MissingMember(f"the package index does not have it: {last}")


def _indexes() -> list[str]:
    """pip's indexes, as its configuration files and the environment set them."""
    settings: dict[str, str] = {}
    for line in _pip("config", "list").splitlines():
        key, _, value = line.partition("=")
        settings[key.rpartition(".")[2]] = value.strip("'\"")
    extra = settings.get("extra-index-url", "").replace("\\n", " ").split()
    return [settings.get("index-url") or _pips_own_index(), *extra]


def _pips_own_index() -> str:
    """What pip itself would ask where nothing is configured."""
    command = [sys.executable, "-c", PIPS_OWN_INDEX]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise PullError("pip does not say which index it uses; set index-url in its configuration")
    return done.stdout.strip()


def _links(page: str, html: str, source: Source) -> Iterator[str]:
    """Addresses on an index page (PEP 503) whose file is the source archive."""
    wanted = f"{_normal(source.package)}-{source.version}.tar.gz"
    parser = _Anchors()
    parser.feed(html)
    for href in parser.hrefs:
        name = unquote(urlparse(href).path.rpartition("/")[2])
        stem, _, rest = name.rpartition(f"-{source.version}")
        if f"{_normal(stem)}-{source.version}{rest}" == wanted:
            yield urljoin(page, href)


def _normal(name: str) -> str:
    """PEP 503: runs of `-`, `_`, `.` are one `-`."""
    return re.sub(r"[-_.]+", "-", name).lower()


class _Anchors(HTMLParser):
    """Collects the targets of all links."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.hrefs.extend(value for key, value in attrs if key == "href" and value)
