"""Everything the node can raise on purpose.

EdgeError
├── ConfigError            names file, line and key
├── Transient              try again later: the supervisor does
│   ├── SourceLost         a camera or file stopped giving frames
│   └── LinkLost           broker or gateway cannot be reached
└── Permanent              trying again changes nothing
    ├── SourceRefused      no such file, wrong password, no video in it
    └── LinkRefused        the gateway does not accept this node
"""

from __future__ import annotations


class EdgeError(Exception):
    """Base of all errors of this package."""


class ConfigError(EdgeError):
    """The configuration cannot be used."""


class Transient(EdgeError):
    """May pass by itself."""


class SourceLost(Transient):
    """A source that gave frames gives none."""


class LinkLost(Transient):
    """Broker or gateway out of reach."""


class Permanent(EdgeError):
    """A person must change something."""


class SourceRefused(Permanent):
    """The source can never work as configured."""


class LinkRefused(Permanent):
    """The other side refuses this node."""
