"""A rush hour: a crowd, what readers and cameras make of it, the node that decides, and the score."""
