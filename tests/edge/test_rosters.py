"""Only templates of the node's own network are compared; everybody else's are refused aloud, not in silence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from structlog.testing import capture_logs
from zhian_edge.rosters import GalleryBuilder
from zhian_models.face.gallery import Gallery
from zhian_models.face.thresholds import name_threshold
from zhian_wire.roster import Person, Template

KEY = "network-a"


def template(seed: int, key: str = KEY) -> Template:
    vector = np.random.default_rng(seed).normal(size=512).astype(np.float32)
    return Template(key=key, vector=(vector / np.linalg.norm(vector)).astype("<f4").tobytes())


def gallery_of(people: Sequence[Person], key: str) -> Gallery:
    """As vision makes it of a roster that comes in parts."""
    builder = GalleryBuilder(key)
    for person in people:
        builder.add([person])
    return builder.done()


def test_everybody_with_a_template_of_this_network_is_found_again() -> None:
    people = [
        Person(id="anne", group="pupil", templates=(template(1), template(2))),
        Person(id="bo", templates=(template(3),)),
    ]
    gallery = gallery_of(people, KEY)
    assert gallery.persons == ("anne", "bo")
    assert gallery.group("anne") == "pupil"
    found = np.frombuffer(template(3).vector, "<f4")
    assert gallery.search(found).person_id == "bo"


def test_a_foreign_template_is_refused_and_said() -> None:
    people = [Person(id="anne", templates=(template(1, "network-b"), template(2)))]
    with capture_logs() as logs:
        gallery = gallery_of(people, KEY)
    assert len(gallery.templates("anne")) == 1
    assert [line["there"] for line in logs] == [["network-b"]]


def test_a_damaged_template_costs_its_owner_alone() -> None:
    people = [
        Person(id="anne", templates=(Template(key=KEY, vector=b"\x00" * 7),)),
        Person(id="bo", templates=(template(1),)),
    ]
    with capture_logs() as logs:
        gallery = gallery_of(people, KEY)
    assert gallery.persons == ("bo",)
    assert [line["person"] for line in logs] == ["anne"]


def test_people_with_cards_alone_are_not_in_the_gallery() -> None:
    assert gallery_of([Person(id="anne", cards=("04A1",))], KEY).size == 0


def test_nobody_is_looked_up_whose_face_is_switched_off() -> None:
    off = Person(id="anne", cards=("04A1",), templates=(template(1),), face=False)
    assert gallery_of([off, Person(id="bo", templates=(template(3),))], KEY).persons == ("bo",)


def test_who_is_on_a_watch_list_is_named_more_strictly_whichever_group_they_are_in() -> None:
    gallery = gallery_of([Person(id="wanted", group="staff", watch=True, templates=(template(1),))], KEY)
    group = gallery.group("wanted")
    assert group is not None
    assert name_threshold(300, 0.01, 5, group) > name_threshold(300, 0.01, 5, "staff")
