"""The page in front of a real gateway, in a real browser."""
