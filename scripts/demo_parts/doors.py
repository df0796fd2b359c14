"""What to open in the demo: each role's page, and the link or code that lets in once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from .processes import DemoError, run, tool

#: Whoever has no group of their own is in this one; the same in every language, as class signs are.
CLASS: Final = "3-2"


class Role(NamedTuple):
    """A user of the demo: the name is the role's, too. They have no password and come by links."""

    user: str
    title: str
    sees: str


GUARD: Final = Role("guard", "Guard 门卫", "the gate: who comes, what is wrong, the lanes")
SCHOOL: Final = (
    Role("admin", "Administrator 管理员", "all of it: people, groups, lists, the plan, who is inside, the audit"),
    Role("teacher", "Teacher 老师", "their class: who is here today, and since when"),
)


class Door(NamedTuple):
    """Something to open. `code` is typed there; a link needs none."""

    title: str
    sees: str
    address: str
    code: str = ""

    def __str__(self) -> str:
        code = f"\n    code: {self.code}" if self.code else ""
        return f"  {self.title}: {self.sees}\n    {self.address}{code}"


def ticket(user: str, gateway_config: Path) -> str:
    """The address that signs a user in, once, within ten minutes."""
    return run(tool("zhian-gateway"), "ticket", user, "--config", gateway_config).strip()


def guards_door(gateway_config: Path) -> Door:
    """The page that the demo is about."""
    return Door(GUARD.title, GUARD.sees, ticket(GUARD.user, gateway_config))


def other_doors(gateway_config: Path, url: str, child: str | None) -> Iterator[Door]:
    """The pages of the other roles, as they are made; a guardian's where somebody is enrolled."""
    for role in SCHOOL:
        yield Door(role.title, role.sees, ticket(role.user, gateway_config))
    if child is not None:
        yield from _guardians_door(gateway_config, url, child)


def _guardians_door(gateway_config: Path, url: str, child: str) -> Iterator[Door]:
    try:
        said = run(tool("zhian-gateway"), "family", "invite", child, "--config", gateway_config)
    except DemoError:
        return  # the import has said why nobody was enrolled by that id
    # A line for each guardian: the name, where there is one, and the code.
    for line in said.splitlines()[:1]:
        yield Door("Parent 家长", f"what a guardian of {child} sees on a phone", f"{url}/family.html", line.split()[-1])


def classes(people: Path) -> dict[str, str]:
    """The group of each who is in an import folder; what is wrong with a file is said by the import."""
    folders = (each for each in sorted(people.iterdir()) if each.is_dir() and not each.name.startswith("."))
    return {folder.name: _group(folder / "person.toml") for folder in folders}


def _group(about: Path) -> str:
    try:
        group = tomllib.loads(about.read_text(encoding="utf-8")).get("group")
    except (OSError, ValueError):
        return CLASS
    return group if isinstance(group, str) else CLASS
