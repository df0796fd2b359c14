"""What an office types of somebody: name, place, days, plates, guardians, a photograph; each on the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from support.notices import enrol
from support.people import JPEG, FolderEnroller
from zhian_gateway.errors import BadInput, Conflict, NoGround, PlateTaken
from zhian_gateway.family import carers
from zhian_gateway.people import photographs, rosters
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, credentials, people, templates

Client = Callable[..., httpx.Client]


@pytest.fixture
def office(parts: Services, client: Client) -> httpx.Client:
    """Ming and his sister Li share a mother; Lan is of another family."""
    for person, group, address in (("ming", "grade-1", "inbox://mother"), ("li", "grade-2", "inbox://mother")):
        enrol(parts, address, person=person, name=person.title(), group=group)
    enrol(parts, "inbox://other", person="lan", name="Lan", group="grade-2")
    return client("admin")


def roster(parts: Services, person: str) -> Any:
    with parts.store.read() as link:
        opaque = link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()
        found = rosters.build(link, since=0, now=parts.now())
    return next((each for each in found.persons if each.id == opaque), None)


def noted(parts: Services, *actions: str) -> list[tuple[str, str, str]]:
    with parts.store.read() as link:
        rows = link.execute(select(audit).where(audit.c.action.in_(actions)).order_by(audit.c.id))
        return [(row.action, row.subject, row.detail) for row in rows]


def test_name_place_and_days_change_together_or_not_at_all(parts: Services, office: httpx.Client) -> None:
    said = {"name": " 王小明 ", "group": "grade-3", "begins": "2026-03-01", "ends": "2026-07-31"}
    file = office.post("/api/people/ming/particulars", json=said).json()
    assert (file["name"], file["group"], file["begins"][:10], file["ends"][:10]) == (
        *("王小明", "grade-3"),
        *("2026-02-28", "2026-07-31"),
    )
    assert roster(parts, "ming").group == "grade-3"
    wrong = {"name": "Another", "schedule": "none-such"}
    assert office.post("/api/people/ming/particulars", json=wrong).status_code == 422
    assert office.get("/api/people/ming/file").json()["name"] == "王小明"
    assert office.post("/api/people/ming/particulars", json={"begins": "2027-01-01"}).status_code == 422
    assert noted(parts, "people.name", "people.place") == [
        ("people.name", "ming", ""),
        ("people.place", "ming", "group: grade-3"),
    ]


def test_plates_are_all_of_somebodys_vehicles(parts: Services, office: httpx.Client) -> None:
    plates = ["京a12345", "京A12345", "粤B54321"]
    assert office.post("/api/people/lan/plates", json={"plates": plates}).json()["plates"] == ["京A12345", "粤B54321"]
    assert sorted(roster(parts, "lan").plates) == ["京A12345", "粤B54321"]
    (entry,) = [each for each in office.get("/api/people").json()["items"] if each["id"] == "lan"]
    assert entry["plates"] == ["京A12345", "粤B54321"]
    assert office.post("/api/people/lan/plates", json={"plates": ["?"]}).status_code == 422
    assert office.post("/api/people/lan/plates", json={"plates": []}).json()["plates"] == []
    assert [detail for _, _, detail in noted(parts, "people.plates")] == ["2 plates", "0 plates"]


def test_a_plate_that_is_somebody_elses_is_refused_and_names_them_to_who_may_see_them(
    parts: Services, office: httpx.Client
) -> None:
    office.post("/api/people/lan/plates", json={"plates": ["京A12345"]}).raise_for_status()
    told = office.post("/api/people/ming/plates", json={"plates": ["粤B54321", "京a12345"]})
    assert (told.status_code, told.json()["code"]) == (409, "plate_taken")
    assert (told.json()["plate"], told.json()["person"]) == ("京A12345", "Lan (lan)")
    assert office.get("/api/people/ming/file").json()["plates"] == []
    for sees, named in ((frozenset({"grade-2"}), "Lan (lan)"), (frozenset({"grade-1"}), "")):
        with parts.store.write() as link, pytest.raises(PlateTaken) as refused:
            parts.particulars.set_plates(link, "ming", ["京A12345"], sees=sees, who="t", now=parts.now())
        assert (refused.value.more["person"], "Lan" in str(refused.value)) == (named, named != "")
    office.post("/api/people/lan/plates", json={"plates": []}).raise_for_status()
    office.post("/api/people/ming/plates", json={"plates": ["京A12345"]}).raise_for_status()


def test_who_shares_a_plate_by_an_import_can_be_edited_and_frees_nobodys(parts: Services, office: httpx.Client) -> None:
    with parts.store.write() as link:
        for person in ("ming", "li"):
            link.execute(credentials.insert().values(person_id=person, kind="plate", value="京A12345"))
    wider = office.post("/api/people/ming/plates", json={"plates": ["京A12345", "粤B54321"]})
    assert wider.json()["plates"] == ["京A12345", "粤B54321"]


def test_a_second_guardian_is_added_for_siblings_too_changed_and_removed(parts: Services, office: httpx.Client) -> None:
    father = {"name": "Father", "address": "inbox://father", "siblings": ["li"]}
    listed = office.post("/api/people/ming/guardians", json=father).json()["items"]
    assert [each["name"] for each in listed] == ["mother", "Father"]
    assert len(office.get("/api/people/li/guardians").json()["items"]) == 2
    assert office.post("/api/people/ming/guardians", json=father).status_code == 409
    assert office.post("/api/people/ming/guardians", json=father | {"siblings": ["lan"]}).status_code == 422
    assert (
        office.post("/api/people/ming/guardians", json=father | {"address": "sms://+8613800000000"}).status_code == 422
    )
    number = listed[1]["id"]
    with parts.store.write() as link:
        code = carers.issue(link, int(number), site=parts.site, who="t", now=parts.clock())
        carers.redeem(link, code, None, site=parts.site, now=parts.clock())
    other = {"name": "Papa", "language": "en", "address": "inbox://papa"}
    (_, changed) = office.put(f"/api/guardians/{number}", json=other).json()["items"]
    assert (changed["id"], changed["name"], changed["language"]) == (number, "Papa", "en")
    assert changed["phone_since"] is not None, "their phone stays bound"
    assert office.put(f"/api/guardians/{number}", json=other | {"address": "inbox://mother"}).status_code == 409
    assert len(office.delete(f"/api/guardians/{number}").json()["items"]) == 1
    assert office.delete(f"/api/guardians/{number}").status_code == 404
    with parts.store.read() as link:
        assert carers.count(link) == 0
    assert [(action, subject) for action, subject, _ in noted(parts, "guardian.add", "guardian.remove")] == [
        ("guardian.add", "ming"),
        ("guardian.add", "li"),
        ("guardian.remove", "ming"),
    ]


def test_a_photograph_is_looked_at_only_with_consent_and_replaces_those_of_before(
    parts: Services, office: httpx.Client
) -> None:
    looking = replace(parts, enroller=FolderEnroller())
    photographs.take(looking, "ming", JPEG, who="office")
    with parts.store.read() as link:
        assert len(link.execute(select(templates).where(templates.c.person_id == "ming")).all()) == 1
    assert noted(parts, "people.photograph") == [("people.photograph", "ming", "1 templates")]
    assert office.put("/api/people/ming/photograph", content=b"no picture").status_code == 422
    back = {"purpose": "recognition", "by": "Mother"}
    office.post("/api/people/ming/consents/withdraw", json=back).raise_for_status()
    with pytest.raises(NoGround):
        photographs.take(looking, "ming", JPEG, who="office")
    with parts.store.write() as link:
        link.execute(update(people).where(people.c.id == "lan").values(face=False))
    with pytest.raises(Conflict, match="switched off"):
        photographs.take(looking, "lan", JPEG, who="office")
    with parts.store.read() as link:
        assert link.execute(select(templates).where(templates.c.person_id == "ming")).all() == []


def test_a_photograph_without_a_face_is_refused_and_the_old_ones_stay(parts: Services, office: httpx.Client) -> None:
    blind = FolderEnroller()
    blind.enrol = lambda person_id, folder: FolderEnroller().enrol(person_id, folder / "none")  # type: ignore[method-assign]
    with pytest.raises(BadInput, match="no picture"):
        photographs.take(replace(parts, enroller=blind), "ming", JPEG, who="office")
    with parts.store.read() as link:
        assert len(link.execute(select(templates).where(templates.c.person_id == "ming")).all()) == 2


def test_an_entry_of_a_watch_list_is_not_the_offices_to_change(parts: Services, office: httpx.Client) -> None:
    with parts.store.write() as link:
        link.execute(update(people).where(people.c.id == "lan").values(watch=True))
    for path, said in (
        ("particulars", {"name": "Another"}),
        ("particulars", {"group": "staff"}),
        ("plates", {"plates": []}),
        ("guardians", {"name": "Aunt", "address": "inbox://aunt"}),
    ):
        assert office.post(f"/api/people/lan/{path}", json=said).status_code == 409, path
    assert office.put("/api/people/lan/photograph", content=JPEG).status_code == 409
