"""Where sealed pictures lie: a folder, or a bucket of an S3-compatible store."""

from __future__ import annotations

from .contract import Shelf
from .folder import Folder

__all__ = ["Folder", "Shelf"]
