"""Parts of the node's benchmark (`scripts/bench/edge.py`)."""
