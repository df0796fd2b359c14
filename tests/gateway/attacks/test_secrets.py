"""What is secret stands in no log and in no file of the gateway, whatever happened with it."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pyotp
from support.gateway import GatewayProcess
from zhian_gateway.police import subscribers

WORD, WRONG, NEXT = "seven lanterns by the pond", "eight lanterns by a pond", "a ladder under the old bridge"


def sign_in(client: httpx.Client, **wanted: str) -> httpx.Response:
    answer = client.post("/api/session", json=wanted)
    if answer.is_success:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


def used(gateway: GatewayProcess) -> dict[str, str]:
    """Every secret that there is, each used rightly and wrongly."""
    made = {"password": WORD, "wrong password": WRONG, "next password": NEXT}
    with gateway.services() as parts:
        made["first secret"] = (gateway.folder / "gateway" / "first-run-secret").read_text().strip()
        parts.accounts.add("li", "guard", WORD, who="test")
        made["ticket"] = parts.accounts.ticket("li", who="test")
        with parts.store.write() as link:
            keys = subscribers.add(
                link, site=parts.site, name="s", ground="g", webhook="http://127.0.0.1:9/", who="t", now=parts.now()
            )
    token = gateway.add_node("gate-1")
    made |= {"token of a subscriber": keys.token, "webhook secret": keys.secret, "token of a node": token}
    with httpx.Client(base_url=gateway.url, trust_env=False) as user:
        first = {"secret": made["first secret"], "user": "head", "password": WORD}
        user.post("/api/setup", json=first | {"secret": "wrong"})
        user.post("/api/setup", json=first).raise_for_status()
        sign_in(user, user="li", password=WRONG)
        assert sign_in(user, ticket=made["ticket"]).is_success
        sign_in(user, ticket=made["ticket"])
        assert sign_in(user, user="li", password=WORD).is_success
        made["cookie"] = user.cookies["zhian_session"]
        begun = user.post("/api/account/second-factor", json={"password": WORD}).json()
        code = pyotp.TOTP(begun["secret"]).at(int(time.time()))
        codes = user.post("/api/account/second-factor/confirm", json={"code": code}).json()["codes"]
        made |= {"authenticator": begun["secret"], "recovery code": codes[0], "typed": codes[0].replace("-", "")}
        user.post("/api/account/password", json={"password": WRONG, "new": NEXT})
        assert user.post("/api/account/password", json={"password": WORD, "new": NEXT}).is_success
        assert sign_in(user, user="li", password=NEXT, code=codes[0]).is_success
        for headers in ({"Authorization": f"Bearer {keys.token}"}, {"Authorization": f"Bearer {token}"}):
            for name in ("gate-1", "gate-2"):
                user.get("/roster", headers=headers | {"X-Zhian-Node": name})
    return made


def test_no_secret_stands_in_a_log_or_lies_readable_in_a_file(gateway: GatewayProcess) -> None:
    made = used(gateway)
    assert gateway.stop() == 0
    files = [path for path in gateway.folder.rglob("*") if path.is_file() and "broker" not in path.parts]
    assert any(path.name == "gateway.log" for path in files)
    found = {(name, path.name) for path in files for name, secret in made.items() if holds(path, secret)}
    assert found == set()


def holds(path: Path, secret: str) -> bool:
    return secret.encode() in path.read_bytes()
