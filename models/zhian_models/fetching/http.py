"""Downloading over HTTP(S): streamed to a file, hashed on the way, with clear errors."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import MissingMember, PullError, Unreachable, WrongHash
from .progress import Progress
from .space import disk_errors, require_space

TIMEOUT_S = 30.0
CHUNK = 1 << 18
ATTEMPTS = 3
SCHEMES = ("https", "http", "file")
CA_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Where pip, requests and npm look for a site's own certification authority."""


def download(url: str, target: Path, progress: Progress, *, sha256: str = "", headers: Mapping[str, str] = {}) -> None:
    """Fetch `url` into `target`; a line that breaks is tried again, one that does not exist is not.

    Raises Unreachable, MissingMember (no such file there), NoSpace, or WrongHash if `sha256` is given.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            digest = _stream(url, target, progress, headers)
            break
        except _Interrupted as error:
            if attempt == ATTEMPTS:
                raise Unreachable(f"{_shown(url)} broke off {ATTEMPTS} times: {error}") from error
    if sha256 and digest != sha256:
        raise WrongHash(f"{_shown(url)} has the sha256 {digest}, the manifest pins {sha256}")


def fetch_json(url: str, headers: Mapping[str, str] = {}) -> Any:
    """A small JSON document."""
    try:
        return json.loads(fetch_text(url, headers))
    except ValueError as error:
        raise PullError(f"{_shown(url)} answers no JSON") from error


def fetch_text(url: str, headers: Mapping[str, str] = {}) -> str:
    """A small document."""
    with _opened(url, headers) as response:
        return bytes(response.read()).decode("utf-8", "replace")


class _Interrupted(Exception):
    """The line broke in mid-download."""


def _stream(url: str, target: Path, progress: Progress, headers: Mapping[str, str]) -> str:
    hasher, received = hashlib.sha256(), 0
    with _opened(url, headers) as response, disk_errors(target.parent), target.open("wb") as file:
        total = int(response.headers.get("Content-Length") or 0)
        require_space(target.parent, total)
        progress.begin(f"downloading {Path(urllib.parse.urlparse(url).path).name}", total or None)
        while chunk := _read(response):
            hasher.update(chunk)
            file.write(chunk)
            received += len(chunk)
            progress.advance(len(chunk))
    if total and received != total:
        raise _Interrupted(f"{received} of {total} bytes")
    return hasher.hexdigest()


def _read(response: Any) -> bytes:
    try:
        return bytes(response.read(CHUNK))
    except (http.client.HTTPException, OSError) as error:
        raise _Interrupted(str(error) or type(error).__name__) from error


@contextmanager
def _opened(url: str, headers: Mapping[str, str]) -> Iterator[Any]:
    parts = urllib.parse.urlparse(url)
    if parts.scheme not in SCHEMES:
        raise PullError(f"{_shown(url)}: only {', '.join(SCHEMES)} addresses can be fetched")
    request = urllib.request.Request(url, headers={"User-Agent": "zhian-models", **headers})  # noqa: S310 - checked above
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S, context=_context())  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        kind = MissingMember if error.code in (404, 410) else Unreachable
        raise kind(f"{_shown(url)} answers {error.code} {error.reason}") from error
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise Unreachable(f"{_shown(url)} cannot be reached: {getattr(error, 'reason', error)}") from error
    with response:
        yield response


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    for variable in CA_VARIABLES:
        path = os.environ.get(variable, "")
        if Path(path).is_file():
            context.load_verify_locations(path)
    return context


def _shown(url: str) -> str:
    """The address without a password."""
    parts = urllib.parse.urlparse(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
