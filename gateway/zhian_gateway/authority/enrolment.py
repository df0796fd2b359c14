"""What a node may ask of the authority: a first certificate for a code, and another one before it ends."""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from zhian_wire import joining

from ..auth.counting import counted_in_thread
from ..auth.limits import TryLimit
from ..nodes import identity
from ..nodes.identity import Shown
from ..services import Services
from . import certificates, invitations
from .office import Authority


class Enrolment:
    """Issues certificates and keeps which. Any thread may ask."""

    def __init__(self, services: Services, authority: Authority, joined: Callable[[], object] = lambda: None) -> None:
        """`joined` is called when there is a node that the broker is to know."""
        self._joined = joined
        self._services = services
        self._authority = authority
        self._tries = TryLimit()

    @property
    def authority(self) -> Authority:
        """Who signs."""
        return self._authority

    def join(self, wanted: joining.JoinRequest, address: str) -> joining.Issued:
        """A first certificate.

        Raises:
            TooManyTries: wrong codes came from `address`.
            NotLoggedIn: as `invitations.redeem`.
            BadInput: the request cannot be signed.
        """
        parts, now = self._services, self._services.clock()
        request = wanted.request.encode()
        key = certificates.key_digest(request)
        with counted_in_thread(self._tries, (address,)), parts.store.write() as link:
            node = invitations.redeem(link, site=parts.site, secret=wanted.secret, key=key, now=now)
            generation = identity.next_generation(link, parts.site, node, parts.now())
            made = self._authority.sign_node(request, node, now, generation)
            identity.certify(link, shown=self._shown(made), now=parts.now(), joins=True)
        self._joined()
        return self._issued(made, node)

    def renew(self, wanted: joining.RenewRequest, shown: Shown) -> joining.Issued:
        """Another certificate for a node that showed one.

        Whether that one holds is asked where the other is written down, and the other is of the same generation: who
        was replaced between the question and the answer must not come back by it.

        Raises:
            NotLoggedIn, Revoked: as `identity.check_certificate`.
            BadInput: the request cannot be signed.
        """
        parts = self._services
        with parts.store.write() as link:
            identity.check_certificate(link, shown, site=parts.site, now=parts.clock())
            made = self._authority.sign_node(wanted.request.encode(), shown.node, parts.clock(), shown.generation)
            identity.certify(link, shown=self._shown(made), now=parts.now(), joins=False)
        return self._issued(made, shown.node)

    def _shown(self, made: x509.Certificate) -> Shown:
        return certificates.shown_by(made.public_bytes(Encoding.DER))

    def _issued(self, made: x509.Certificate, node: str) -> joining.Issued:
        return joining.Issued(
            site=self._services.site,
            node=node,
            certificate=certificates.pem(made).decode(),
            authority=self._authority.trusted.decode(),
        )
