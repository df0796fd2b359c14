"""Everything that can go wrong with networks.

ModelsError
├── ManifestError          the manifest cannot be read or contradicts itself
├── UnknownNetwork         no entry of that name
├── MissingNetwork         known, but not pulled
├── PullError              fetching failed
│   ├── WrongHash          the bytes are not the ones that the manifest pins
│   ├── NoSpace            the disk cannot hold it
│   ├── Unreachable        no network, or the registry does not answer
│   └── MissingMember      the archive or folder does not hold the file
├── ConversionError        a graph cannot be converted or conditioned
├── RuntimeUnavailable     the runtime or its precision does not exist here
├── BadInput               arrays that do not fit the network's contract
├── UnreadablePicture      a file that no picture can be made of
└── NotWritten             a drawing cannot be written where it was wanted
"""

from __future__ import annotations


class ModelsError(Exception):
    """Base of all errors of `zhian_models`; its text can be shown to a person."""


class ManifestError(ModelsError):
    """The manifest cannot be read or contradicts itself."""


class UnknownNetwork(ModelsError):
    """No entry of that name is in the manifest."""


class MissingNetwork(ModelsError):
    """A network of the manifest is not in the store."""


class DamagedNetwork(ModelsError):
    """A network in the store is not the one that the manifest pins."""


class PullError(ModelsError):
    """Fetching a file failed; the store is as it was."""


class WrongHash(PullError):
    """The bytes are not the ones that the manifest pins."""


class NoSpace(PullError):
    """The disk cannot hold the file."""


class Unreachable(PullError):
    """No network, or the registry does not answer."""


class MissingMember(PullError):
    """The archive or folder does not hold the file."""


class ConversionError(ModelsError):
    """A graph cannot be converted or conditioned."""


class RuntimeUnavailable(ModelsError):
    """The runtime, or its precision, does not exist on this machine."""


class BadInput(ModelsError):
    """Arrays that do not fit the network's contract."""


class UnreadablePicture(ModelsError):
    """A file that no picture can be made of."""


class NotWritten(ModelsError):
    """A drawing cannot be written where it was wanted."""
