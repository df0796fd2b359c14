"""The node beside the gate: sees, reads, decides, acts and remembers, with or without a network."""
