"""Everything the node can raise on purpose.

EdgeError
├── ConfigError            names file, line and key
├── Transient              try again later: the supervisor does
│   ├── SourceLost         a camera or file stopped giving frames
│   ├── LinkLost           broker or gateway cannot be reached
│   ├── DeviceLost         a reader, barrier or input does not answer
│   ├── Unconfirmed        an order was given, and nobody knows whether it was carried out
│   ├── Expired            an order came too late: nothing was done, and nothing is wrong
│   └── NotWritten         nothing can be written now
│       ├── DiskFull       no space left
│       └── DiskFails      the disk itself reports errors
├── PushRefused            a pushed configuration cannot be used here
├── SourceEnded            a file that does not loop is over
└── Permanent              trying again changes nothing
    ├── SourceRefused      no such file, wrong password, no video in it
    ├── LinkRefused        the gateway does not accept this node
    │   └── NodeRevoked    it says that the node was revoked: roster and pictures go
    ├── DeviceRefused      a device can never work as configured: wrong key, no such port or channel
    │   └── DriverMissing  the package that a driver needs is not installed
    ├── HomeRefused        the node's folder cannot be made or used
    ├── BadSecret          a token or key file is missing, empty or readable by others
    ├── OutboxCorrupt      the database of events cannot be read any more
    ├── OutboxNewer        the database was written by a later version
    └── AlreadyRunning     another gate owns this node's folder
"""

from __future__ import annotations


class EdgeError(Exception):
    """Base of all errors of this package."""


class ConfigError(EdgeError):
    """The configuration cannot be used."""


class PushRefused(EdgeError):
    """A configuration that was pushed cannot be used here; the words name lines and keys, and no secret."""


class Transient(EdgeError):
    """May pass by itself."""


class SourceLost(Transient):
    """A source that gave frames gives none."""


class SourceEnded(EdgeError):
    """A source gave all it had; that is no failure, and nobody opens it again."""


class LinkLost(Transient):
    """Broker or gateway out of reach."""


class DeviceLost(Transient):
    """A reader, barrier or input does not answer."""


class Unconfirmed(Transient):
    """An order was given to a device, and nobody knows whether it was carried out; it must not be given again."""


class Expired(Transient):
    """An order came too late to its device; nothing was done, and the device may be well."""


class Permanent(EdgeError):
    """A person must change something."""


class SourceRefused(Permanent):
    """The source can never work as configured."""


class LinkRefused(Permanent):
    """The other side refuses this node."""


class NodeRevoked(LinkRefused):
    """The gateway says that this node was revoked."""


class DeviceRefused(Permanent):
    """A device can never work as configured: wrong key, no such port, no such channel."""


class DriverMissing(DeviceRefused):
    """The package that a driver needs is not installed."""


class HomeRefused(Permanent):
    """The node's folder cannot be made or used."""


class NotWritten(Transient):
    """Nothing can be written now."""


class DiskFull(NotWritten):
    """There is no space left."""


class DiskFails(NotWritten):
    """The disk itself reports errors; it may be dying."""


class BadSecret(Permanent):
    """A token or key file is missing, empty or readable by others."""


class OutboxCorrupt(Permanent):
    """The database of events cannot be read any more."""


class OutboxNewer(Permanent):
    """The database was written by a later version; it stays as it is."""


class AlreadyRunning(Permanent):
    """Another gate owns this node's folder."""
