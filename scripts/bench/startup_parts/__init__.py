"""A node's home, its films and its process, for the benches that start one: startup, blind, offline."""
