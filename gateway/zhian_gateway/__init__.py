"""The gateway: keeps every decided event exactly once and tells the people who must know."""
