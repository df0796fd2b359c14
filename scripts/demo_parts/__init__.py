"""The demo: composes a reel where there is none, starts broker, gateway and node, and counts what was recognised."""
