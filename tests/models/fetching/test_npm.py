"""npm's own settings are honoured without npm."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhian_models.errors import PullError
from zhian_models.fetching import npm
from zhian_models.fetching.npm import download_tarball, read_settings
from zhian_models.fetching.progress import Silent
from zhian_models.manifest import Source

from ..conftest import WebServer


def test_the_environment_wins_over_the_users_file(tmp_path: Path) -> None:
    (tmp_path / "npmrc").write_text("; a comment = no setting\nregistry=http://file/\n//file/:_authToken=${SECRET}\n")
    environment = {"NPM_CONFIG_USERCONFIG": str(tmp_path / "npmrc"), "SECRET": "s3"}
    settings = read_settings(environment)
    assert settings["registry"] == "http://file/"
    assert settings["//file/:_authToken"] == "s3"
    assert read_settings({**environment, "npm_config_registry": "http://env/"})["registry"] == "http://env/"


def test_a_scope_has_its_own_registry_and_token(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = web.url.removeprefix("http:")
    (tmp_path / "npmrc").write_text(
        f"registry=http://127.0.0.1:1/\n@own:registry={web.url}/sub\n{host}/sub/:_authToken=t\n"
    )
    monkeypatch.setenv("NPM_CONFIG_USERCONFIG", str(tmp_path / "npmrc"))
    monkeypatch.delenv("npm_config_registry", raising=False)
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    web.files["/sub/@own/nets/1.0.0"] = b'{"dist": {"tarball": "%s/t.tgz"}}' % web.url.encode()
    web.files["/t.tgz"] = b"tar"
    source = Source(name="s", kind="npm", package="@own/nets", version="1.0.0")
    assert download_tarball(source, tmp_path, Silent()).read_bytes() == b"tar"


def test_an_answer_without_a_tarball_is_an_error(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", web.url)
    web.files["/nets/1.0.0"] = b"{}"
    with pytest.raises(PullError, match="names no tarball"):
        download_tarball(Source(name="s", kind="npm", package="nets", version="1.0.0"), tmp_path, Silent())


def test_without_npm_and_without_a_configuration_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm.shutil, "which", lambda _name: None)
    with pytest.raises(PullError, match="npm_config_registry, or pull --from"):
        npm._registry({}, "left-pad")
    assert npm._registry({"registry": "https://mirror.example"}, "left-pad") == "https://mirror.example/"
