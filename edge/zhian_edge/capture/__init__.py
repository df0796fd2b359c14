"""From a file, a stream or a device to `Frame`: decoding, pacing, and how the camera is."""

from zhian_edge.capture.file import FileFrames, open_file
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.resting import Rest

__all__ = ["FileFrames", "Frame", "Rest", "open_file"]
