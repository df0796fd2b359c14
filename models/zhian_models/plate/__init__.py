"""Number plates: find, rectify, read, check against the formats, vote over a track."""
