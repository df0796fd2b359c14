"""The configuration of a node: its types, reading it from TOML, and saying what is wrong with it where."""
