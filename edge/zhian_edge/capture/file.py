"""A video file as frames: at once, for a replay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av.error

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.media import FrameMaker, Media, StreamFacts, open_media
from zhian_edge.errors import SourceRefused


class FileFrames:
    """The frames of one opened file, in order; iterate it once. A context manager; exhausting it closes it too.

    Attributes:
        facts: size, rate and codec as the container states them.
        damaged: packets and pictures left out so far because they were not whole.
    """

    def __init__(self, media: Media, maker: FrameMaker) -> None:
        self._media = media
        self._maker = maker

    @property
    def facts(self) -> StreamFacts:
        return self._media.facts

    @property
    def damaged(self) -> int:
        return self._media.damaged

    def __iter__(self) -> Iterator[Frame]:
        with self:
            for picture in self._media.pictures():
                yield self._maker.frame(picture)

    def close(self) -> None:
        self._media.close()

    def __enter__(self) -> FileFrames:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_file(path: Path | str, *, camera: str | None = None) -> FileFrames:
    """Open a video file for reading as fast as it can; media time is its clock.

    Args:
        camera: id that the frames carry; the file's base name if None.

    Raises:
        SourceRefused: no such file, no video in it, or nothing that FFmpeg can read.
    """
    path = Path(path)
    media = open_file_media(path)
    return FileFrames(media, FrameMaker(camera or path.name, path.name, media.facts.rate))


def open_file_media(path: Path) -> Media:
    """The container of a file.

    Raises:
        SourceRefused: as `open_file`.
    """
    if not path.is_file():
        raise SourceRefused(f"{path}: {'not a file' if path.exists() else 'no such file'}")
    try:
        return open_media(str(path), str(path))
    except av.error.FFmpegError as error:
        raise SourceRefused(f"{path}: not a readable video ({_plain(error)})") from error
    except OSError as error:
        raise SourceRefused(f"{path}: {error.strerror or error}") from error


def _plain(error: av.error.FFmpegError) -> str:
    return error.strerror or str(error)
