"""Fetching networks: from installed packages, registries, addresses or a folder, verified, into the store."""

from .pull import Failed, Pulled, Report, pull

__all__ = ["Failed", "Pulled", "Report", "pull"]
