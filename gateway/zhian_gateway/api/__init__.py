"""The gateway's HTTP: nodes, pages, the police feed. Every route says who may use it, or nobody may."""
