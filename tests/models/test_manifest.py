"""The manifest is complete, checked, and keeps templates apart that must not be compared."""

from __future__ import annotations

import dataclasses
import re

import msgspec
import pytest
from zhian_models.errors import ManifestError, UnknownNetwork
from zhian_models.manifest import Embedding, Manifest, load_manifest, parse_manifest

from .conftest import entry

ENTRY = """
[[source]]
name = "s"
kind = "folder"
[[network]]
name = "n"
task = "t"
file = "f"
source = "s"
members = [{ path = "p", sha256 = "SHA" }]
sha256 = "SHA"
licence = "MIT"
inputs = "i"
outputs = "o"
""".replace("SHA", "a" * 64)


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return load_manifest()


def test_every_task_of_a_node_has_a_default_network(manifest: Manifest) -> None:
    tasks = " ".join(n.task for n in manifest.select())
    for task in ("face detection", "face embedding", "liveness", "plate detection", "plate reading", "body"):
        assert task in tasks


def test_every_entry_says_licence_training_and_contract(manifest: Manifest) -> None:
    for network in manifest:
        assert network.licence and network.training and network.inputs and network.outputs, network.name


def test_what_nobody_fetched_says_so_and_is_never_a_default(manifest: Manifest) -> None:
    unseen = [n for n in manifest if n.verified == "hash only"]
    assert unseen
    assert all(n.group == "optional" for n in unseen)


def test_non_commercial_weights_are_marked_and_optional(manifest: Manifest) -> None:
    marked = [n for n in manifest if "non-commercial" in n.licence]
    assert marked
    assert all(n.group == "optional" and not n.commercial for n in marked)


def test_registry_sources_name_an_exact_version(manifest: Manifest) -> None:
    for source in manifest.source:
        if source.kind in ("pypi", "sdist", "npm"):
            assert source.package and re.fullmatch(r"\d+(\.\d+)+", source.version), source.name


def test_default_networks_come_from_registries_and_are_measurable(manifest: Manifest) -> None:
    for network in manifest.select():
        assert manifest.source_of(network).kind in ("pypi", "npm")
        assert network.kind == "data" or network.example, network.name


def test_an_unknown_name_is_answered_with_the_known_ones(manifest: Manifest) -> None:
    with pytest.raises(UnknownNetwork, match=r"centreface.*centerface"):
        manifest.get("centreface")


def test_a_template_key_changes_with_network_preprocessing_and_precision_class() -> None:
    base = entry("e", b"net", embedding=Embedding(dimensions=2, preprocessing="bgr"))
    other_bytes = entry("e", b"nets", embedding=Embedding(dimensions=2, preprocessing="bgr"))
    other_order = entry("e", b"net", embedding=Embedding(dimensions=2, preprocessing="rgb"))
    other_class = msgspec.structs.replace(base, precisions=("bf16",))
    keys = {n.template_key() for n in (base, other_bytes, other_order)} | {other_class.template_key("bf16")}
    assert len(keys) == 4


def test_alike_precisions_share_a_template_key() -> None:
    network = entry("e", b"net", embedding=Embedding(dimensions=2, preprocessing="bgr"), precisions=("f32", "bf16"))
    assert network.template_key("f32") == network.template_key("bf16")


def test_the_default_embedding_keeps_its_key() -> None:
    """Templates on every node carry it: whoever changes it must enrol everybody again."""
    assert load_manifest().get("fr_feature").template_key() == (
        "0d965336c22e9e098945b0f24caf63c220ca3e9be0d2b13fc87f5d0a6449f73c"
    )


def test_a_network_without_embedding_has_no_key(manifest: Manifest) -> None:
    with pytest.raises(ManifestError, match="nanodet computes no embedding"):
        manifest.get("nanodet").template_key()


def test_the_manifest_is_immutable(manifest: Manifest) -> None:
    with pytest.raises((AttributeError, dataclasses.FrozenInstanceError)):
        manifest.get("nanodet").sha256 = "0"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (ENTRY.replace('task = "t"\n', ""), "task"),
        (ENTRY.replace('licence = "MIT"', 'license = "MIT"'), "licen[cs]e"),
        (ENTRY.replace('source = "s"', 'source = "z"'), "no source is called 'z'"),
        (ENTRY.replace("a" * 64, "b" * 63), "is no sha256"),
        (ENTRY.replace('\nsha256 = "' + "a" * 64, '\nsha256 = "' + "b" * 64), "one member, of the same sha256"),
        (ENTRY + ENTRY[ENTRY.index("[[network]]") :], "two entries with the network 'n'"),
        ("[[source", "manifest.toml: Expected"),
    ],
)
def test_a_faulty_manifest_is_refused_with_its_fault(fault: str, says: str) -> None:
    with pytest.raises(ManifestError, match=says):
        parse_manifest(fault.encode())
