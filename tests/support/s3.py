"""An S3-compatible store as a process of the test's own, which can be killed and started again on the same port."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import boto3

from .ports import free_port, listens
from .waiting import eventually

BUCKET = "pictures"
KEYS = "[default]\naws_access_key_id = zhian\naws_secret_access_key = test\n"


class S3:
    """moto's server; it forgets everything when it ends."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.credentials = folder / "s3-credentials"
        self.credentials.write_text(KEYS, encoding="utf-8")

    @property
    def endpoint(self) -> str:
        """As configurations name it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def lines(self) -> str:
        """What `[store]` must say."""
        where = f'pictures = "s3://{BUCKET}/school"\npictures_endpoint = "{self.endpoint}"'
        return f'{where}\npictures_credentials = "{self.credentials}"'

    def start(self) -> S3:
        """Start it with an empty bucket, and wait until it answers."""
        words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        with (self._folder / "s3.log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log)
        eventually(lambda: listens(self.port), "the start of the store of pictures", 30)
        self.client().create_bucket(Bucket=BUCKET)
        return self

    def client(self) -> boto3.client:
        """Somebody else's look into it."""
        keys = {"aws_access_key_id": "zhian", "aws_secret_access_key": "test"}
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **keys)

    def objects(self) -> dict[str, bytes]:
        """Everything that lies in the bucket."""
        client = self.client()
        names = [each["Key"] for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", ())]
        return {name: client.get_object(Bucket=BUCKET, Key=name)["Body"].read() for name in names}

    def kill(self) -> None:
        """As by kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
