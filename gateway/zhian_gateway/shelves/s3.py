"""A bucket of an S3-compatible store. It holds what a folder would hold: sealed, so that its owner sees no picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import structlog

from ..errors import ConfigError, PicturesAway

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: Most names in one request to delete, by the protocol.
MOST: Final = 1000
#: What a store answers for a name that it does not have.
ABSENT: Final = frozenset({"404", "NoSuchKey", "NotFound"})


class Bucket:
    """As `Shelf` says; names follow the address's own prefix."""

    def __init__(self, address: str, endpoint: str, credentials: Path | None) -> None:
        """`address`: `s3://bucket/prefix`.

        Args:
            endpoint: of a store that is not Amazon's own, `https://host:port`.
            credentials: a file as AWS's tools have it; None: the environment, `AWS_ACCESS_KEY_ID` and so on.

        Raises:
            ConfigError: the client is not installed, or endpoint or credentials cannot be used.
        """
        parts = urlsplit(address)
        self._bucket = parts.netloc
        self._prefix = parts.path.strip("/")
        self._client = _client(endpoint, credentials)
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the client is an extra

        self._faults = (BotoCoreError, ClientError)
        self._absent: type[Exception] = ClientError

    def put(self, name: str, data: bytes) -> None:
        """As the protocol says: an object is there whole, or not at all."""
        with self._reached():
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=data)

    def has(self, name: str) -> bool:
        """As the protocol says."""
        return self._unless_absent(lambda: bool(self._client.head_object(**self._named(name))), default=False)

    def get(self, name: str) -> bytes:
        """As the protocol says."""
        found = self._unless_absent(lambda: self._body(self._client.get_object(**self._named(name))), default=None)
        if found is None:
            raise FileNotFoundError(name)
        return found

    def head(self, name: str, size: int) -> bytes:
        """As the protocol says."""
        bounds = f"bytes=0-{size - 1}"
        some: Callable[[], bytes] = lambda: self._body(self._client.get_object(**self._named(name), Range=bounds))  # noqa: E731
        return self._unless_absent(some, default=b"")

    def delete(self, names: Iterable[str]) -> None:
        """As the protocol says."""
        for some in _in_parts(names):
            with self._reached():
                wanted = {"Objects": [{"Key": self._key(name)} for name in some], "Quiet": True}
                answer = self._client.delete_objects(Bucket=self._bucket, Delete=wanted)
            if failed := answer.get("Errors"):
                raise PicturesAway(f"{len(failed)} pictures could not be deleted: {failed[0].get('Code')}")

    def names(self, prefix: str, before: float | None = None) -> list[str]:
        """As the protocol says."""
        start = self._key(f"{prefix}/")
        with self._reached():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
            found = [each for page in pages for each in page.get("Contents", ())]
        kept = (each for each in found if before is None or each["LastModified"].timestamp() < before)
        return sorted(each["Key"].removeprefix(start) for each in kept)

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{name}" if self._prefix else name

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._key(name)}

    def _body(self, answer: Any) -> bytes:
        data: bytes = answer["Body"].read()
        return data

    def _unless_absent(self, ask: Callable[[], T], *, default: T) -> T:
        with self._reached():
            try:
                return ask()
            except self._absent as error:
                if getattr(error, "response", {}).get("Error", {}).get("Code") in ABSENT:
                    return default
                raise

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except self._faults as error:
            # A missing bucket or a wrong key is the same to whoever sends a picture: later.
            log.warning("pictures.away", bucket=self._bucket, why=str(error))
            raise PicturesAway(f"the store of pictures cannot be used just now: {type(error).__name__}") from error


def _in_parts(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    every = list(names)
    for start in range(0, len(every), MOST):
        yield tuple(every[start : start + MOST])


def _client(endpoint: str, credentials: Path | None) -> Any:
    try:
        import boto3  # noqa: PLC0415 - an extra
        import botocore.session  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError("store.pictures: s3:// needs the package boto3: pip install 'zhian[s3]'") from error
    session = botocore.session.Session()
    if credentials is not None:
        if not credentials.is_file():
            raise ConfigError(f"store.pictures_credentials: {credentials} is no file")
        session.set_config_variable("credentials_file", str(credentials))
    # A node waits for the answer to its upload; it comes again by itself.
    patience = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 2}, max_pool_connections=20)
    region = None if session.get_config_variable("region") else "us-east-1"
    try:
        return boto3.Session(botocore_session=session).client(
            "s3", endpoint_url=endpoint or None, region_name=region, config=patience
        )
    except ValueError as error:
        raise ConfigError(f"store.pictures_endpoint: {error}") from error
