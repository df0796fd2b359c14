"""What could not be sent on: shown to guards, who see and hear everything on their own network all the same."""

from __future__ import annotations

from ..operations import outward
from .access import Parts, users
from .guarded import GuardedRouter
from .shapes import Shape

router = GuardedRouter(prefix="/api/outward")


class Debt(Shape):
    """What one way out owes: how much waits, since when, and how much was given up in the last hours."""

    waiting: int
    oldest: str | None
    given_up: int
    why: str


class Outward(Shape):
    """The ways out: notices to parents and contacts, and what is delivered to the police."""

    notices: Debt
    police: Debt


@router.get("")
@users("admin", "guard")
def look(parts: Parts) -> Outward:
    """How much of what was to be told outside has not arrived."""
    with parts.store.read() as link:
        found = outward.look(link, parts.site, parts.clock())
    return Outward(notices=_debt(found.notices), police=_debt(found.police))


def _debt(debt: outward.Debt) -> Debt:
    return Debt(waiting=debt.waiting, oldest=debt.oldest, given_up=debt.given_up, why=debt.why)
