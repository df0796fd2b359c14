"""Events straight into the store and through the rules, as the gateway's threads do it."""

from __future__ import annotations

from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.nodes import identity
from zhian_gateway.notices.queueing import Desk
from zhian_gateway.rules.follower import Follower
from zhian_gateway.rules.rule_files import ruleset_of
from zhian_gateway.services import Services
from zhian_gateway.store import Store
from zhian_wire import codec, times
from zhian_wire.events import Event

from .events import START


def admit(store: Store, site: str, *names: str) -> None:
    """Put nodes on the site's list, who are not on it yet."""
    with store.write() as link:
        for name in sorted(set(names) - set(identity.every(link, site))):
            identity.add(link, site=site, node=name, now=times.to_text(START), who="test")


def take_in(parts: Services, *found: Event) -> None:
    """Keep the events of nodes of the site and follow them."""
    admit(parts.store, parts.site, *(each.node for each in found))
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    keeper.keep([Message(each.node, codec.encode(each)) for each in found])
    follower = Follower(
        parts.store,
        parts.book,
        Desk(parts.config),
        parts.lanes,
        site=parts.site,
        rules=parts.config.rules,
        clock=parts.clock,
        changed=parts.bell.ring,
        ruleset=ruleset_of(parts.config),
    )
    while follower.step():
        pass
