"""Everything that can go wrong in the gateway.

GatewayError
├── ConfigError            the configuration cannot be read, or says what may not be
├── StoreError             the database cannot be used
│   ├── StoreAway          its server cannot be reached just now; it may be back in a moment
│   ├── WrongSite          it belongs to another site
│   ├── NewerSchema        it was written by a newer version
│   ├── KeyFault           the keys that it is sealed with are missing, damaged or others
│   └── Unsealable         something sealed is damaged
├── BrokerFault            the broker refuses, is silent, or speaks no MQTT
├── PicturesAway           the store of pictures cannot be reached just now
├── BackupError            a backup cannot be taken, or not be restored
├── AnchorError            what vouches for the audit outside the database cannot be used
├── AuthorityError         the site's certificate authority cannot be used
├── NotFound               no such thing
│   └── Withheld           none that this caller may know of
├── Conflict               somebody else was faster, or the step is not allowed
│   ├── Restored           a place in a feed of before a backup was restored
│   ├── Stale              what was to be changed is not what the caller saw (`If-Match`)
│   ├── PlateTaken         somebody else has that plate
│   ├── NameTaken          there is something of that name
│   ├── ImportUnderWay     one's own import is not over
│   └── InUse              others name it, so that it cannot go
├── BadInput               what was sent cannot be used
│   ├── TooBig             longer than allowed
│   ├── WeakPassword       one of those that are guessed first
│   ├── BadPicture         bytes that are no picture, or not the ones that were announced
│   ├── BadModel           a model of the site that cannot be shown
│   ├── DayForgotten       a day of which not everything is kept any more
│   ├── SpansOverlap       two spans of a schedule lie over each other
│   ├── NoSuchGroup        a group that nobody is in and nothing is said of
│   └── NoSuchSchedule     a schedule that nobody described, by which nobody would ever come in
├── AccessError
│   ├── NotLoggedIn        no session, token or secret that holds
│   │   ├── LinkOver       a one-time link that was used, is too old, or never was
│   │   ├── CodeNeeded     the password is right; the second factor is still to come
│   │   └── WrongCode      the second factor's code is wrong, or was used
│   ├── NotAllowed         known, but not entitled
│   │   ├── WrongProof     signed in, but the password that was asked for once more is wrong
│   │   ├── Revoked        a node that is to delete what it has
│   │   └── Unfinished     signed in, but a second factor is to be set up first
│   └── TooManyTries       guessed too often; wait
├── NodeFault              a node did not do what it was asked
│   ├── NodeOffline        it says nothing, so that nothing was sent
│   ├── NoAnswer           it did not say in time what became of it
│   └── NodeRefused        it said that it does not
├── NotRunning             no gateway runs on this machine that could be asked
├── SendFailed             a provider did not take a notice
└── PeopleError            enrolment or withdrawal cannot be done
    └── NoGround           nobody's data without a ground
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class GatewayError(Exception):
    """Base of all errors of `zhian_gateway`; its text can be shown to a person, `code` is translated by the page.

    `more` is what else a page can use, by the names that it has in the answer.
    """

    code = "internal"
    more: Mapping[str, str] = MappingProxyType({})


class ConfigError(GatewayError):
    """The configuration cannot be read; the text names file, line and key."""

    code = "config"


class StoreError(GatewayError):
    """The database cannot be used."""

    code = "store"


class StoreAway(StoreError):
    """The database's server cannot be reached just now."""

    code = "store_away"


class WrongSite(StoreError):
    """The database belongs to another site than the configuration."""


class NewerSchema(StoreError):
    """The database was written by a newer version of the gateway."""


class KeyFault(StoreError):
    """The key file is missing, damaged, readable by others, or not the one that the database is sealed with."""


class Unsealable(StoreError):
    """Something sealed is damaged, or was put in another's place."""


class NotRunning(GatewayError):
    """No gateway of this site runs on this machine."""


class BrokerFault(GatewayError):
    """The broker refuses us, says nothing any more, or does not speak MQTT; it is tried again."""


class PicturesAway(GatewayError):
    """The store of pictures cannot be reached just now; whoever sends or wants one comes again."""

    code = "pictures_away"


class BackupError(GatewayError):
    """A backup cannot be taken, is damaged, or cannot be restored here."""

    code = "backup"


class AnchorError(GatewayError):
    """What vouches for the audit outside the database cannot be written or read."""

    code = "anchor"


class AuthorityError(GatewayError):
    """The key or certificate of the site's authority is damaged, over, or readable by others."""

    code = "authority"


class NotFound(GatewayError):
    """No such thing, or none that this caller may know of."""

    code = "not_found"


class Withheld(NotFound):
    """None that this caller may know of; they are told the same as of what is not there."""


class Conflict(GatewayError):
    """Somebody else was faster, or the step is not allowed from here."""

    code = "conflict"


class Restored(Conflict):
    """A place in a feed of before the gateway was restored from a backup."""

    code = "restored"


class Stale(Conflict):
    """What was to be changed is not any more what the caller saw."""

    code = "stale"


class PlateTaken(Conflict):
    """Somebody else has that plate; `person` says who, for those who may see them."""

    code = "plate_taken"

    def __init__(self, plate: str, person: str = "") -> None:
        super().__init__(f"{plate}: {person or 'somebody else'} has that plate; it is to be taken away there first")
        self.more = {"plate": plate, "person": person}


class ImportUnderWay(Conflict):
    """An import of the same person is not over."""

    code = "import_under_way"


class NameTaken(Conflict):
    """There is something of that name."""

    code = "name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is {name!r} already")
        self.more = {"name": name}


class InUse(Conflict):
    """Others name it, so that it cannot go, or not be called otherwise; `more` says who."""

    code = "in_use"

    def __init__(self, name: str, by: Mapping[str, str]) -> None:
        super().__init__(f"{name} is in use: {'; '.join(f'{who}: {what}' for who, what in by.items())}")
        self.more = dict(by)


class BadInput(GatewayError):
    """What was sent cannot be used."""

    code = "bad_input"


class TooBig(BadInput):
    """More bytes than allowed."""

    code = "too_big"


class WeakPassword(BadInput):
    """A password among those that are guessed first."""

    code = "weak_password"


class BadPicture(BadInput):
    """Bytes that are no picture, or not the ones that were announced."""

    code = "bad_picture"


class BadModel(BadInput):
    """A model of the site that is damaged, refers to something outside, or is more than a page can show."""

    code = "bad_model"


class DayForgotten(BadInput):
    """A day of which not everything is kept any more: whoever came on it would seem to have been absent."""

    code = "day_forgotten"

    def __init__(self, day: str, first: str) -> None:
        super().__init__(f"{day}: passages of then were deleted ([retention] known_days); ask for {first} or later")
        self.more = {"first": first}


class SpansOverlap(BadInput):
    """Two spans of a schedule both hold at some time of `day`."""

    code = "spans_overlap"

    def __init__(self, day: str, first: str, second: str) -> None:
        super().__init__(f"{first} and {second} lie over each other on {day}")
        self.more = {"day": day, "first": first, "second": second}


class NoSuchGroup(BadInput):
    """A group that nobody is in, and of which nothing is said."""

    code = "no_such_group"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no group {name!r}")
        self.more = {"name": name}


class NoSuchSchedule(BadInput):
    """A schedule that nobody described: whoever has it comes in never."""

    code = "no_such_schedule"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no schedule {name!r}")
        self.more = {"name": name}


class AccessError(GatewayError):
    """Base of what the door says."""

    code = "denied"


class NotLoggedIn(AccessError):
    """No session, token or secret that holds."""

    code = "not_logged_in"


class LinkOver(NotLoggedIn):
    """A one-time link that was used, is too old, or never was: which of them it is, nobody is told."""

    code = "link_over"


class CodeNeeded(NotLoggedIn):
    """The password is right; a code of the second factor is still to come."""

    code = "code_needed"


class WrongCode(NotLoggedIn):
    """A code of the second factor that is wrong, too old, or was used before."""

    code = "wrong_code"


class NotAllowed(AccessError):
    """Known, but not entitled to this."""

    code = "not_allowed"


class Revoked(NotAllowed):
    """A node that was taken off the site's list; it deletes what it has of people."""

    code = "revoked"


class WrongProof(NotAllowed):
    """Signed in, but the password or code that was asked for once more is wrong."""

    code = "wrong_proof"


class Unfinished(NotAllowed):
    """Signed in, but the role needs a second factor that is not set up yet."""

    code = "second_factor_needed"


class TooManyTries(AccessError):
    """Guessed too often; wait."""

    code = "too_many_tries"


class NodeFault(GatewayError):
    """A node did not do what it was asked."""

    code = "node_fault"


class NodeOffline(NodeFault):
    """The node says nothing, so that nothing was sent to it."""

    code = "node_offline"


class NoAnswer(NodeFault):
    """The node did not say in time what became of it; it may have done it."""

    code = "no_answer"


class NodeRefused(NodeFault):
    """The node answered that it did not; `code` tells how: refused, failed, not known how to do, or come too late."""

    def __init__(self, result: str, detail: str) -> None:
        super().__init__(detail or result)
        self.code = f"node_{result}"


class SendFailed(GatewayError):
    """A provider did not take a notice; the text holds no secret."""

    code = "send_failed"


class PeopleError(GatewayError):
    """Enrolment or withdrawal cannot be done."""

    code = "people"


class NoGround(PeopleError):
    """Nobody's data without a ground: no ground or an end in the past."""

    code = "no_ground"
