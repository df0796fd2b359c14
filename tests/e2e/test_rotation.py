"""Keys are changed, with kill -9 in between, while a gateway runs and takes pictures: each opens, one key is left."""

from __future__ import annotations

import hashlib
import random
import subprocess
import threading

import httpx
import pytest

from ..support.gateway import COMMAND, GatewayProcess
from ..support.people import JPEG
from ..support.waiting import eventually


class Uploads:
    """A node that sends picture after picture, each of some size, until it is told to stop."""

    def __init__(self, gateway: GatewayProcess) -> None:
        self.kept: dict[str, bytes] = {}
        self._url = gateway.url
        self._headers = {"Authorization": f"Bearer {gateway.add_node('gate-1')}", "X-Zhian-Node": "gate-1"}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with httpx.Client(base_url=self._url, headers=self._headers, trust_env=False) as client:
            while not self._stopping.is_set():
                data = JPEG + len(self.kept).to_bytes(4, "big") + bytes(5000)
                sha256 = hashlib.sha256(data).hexdigest()
                client.put(f"/pictures/{sha256}", content=data).raise_for_status()
                self.kept[sha256] = data

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()


@pytest.mark.slow
def test_rotations_that_are_killed_beside_a_running_gateway_lose_no_picture(gateway: GatewayProcess) -> None:
    chance = random.Random(1)
    command = [*COMMAND, "keys", "rotate", "--config", str(gateway.config)]
    uploads = Uploads(gateway)
    try:
        eventually(lambda: len(uploads.kept) >= 100, "some pictures", 30)
        for _ in range(5):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            try:
                process.wait(chance.uniform(0.8, 2.5))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    finally:
        uploads.stop()
    with gateway.services() as parts:
        assert len(parts.store.vault.keys) == 1
        assert all(parts.pictures.read(sha256) == data for sha256, data in uploads.kept.items())
