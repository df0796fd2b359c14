"""What a parent's phone may do: bound by a one-time code, it sees the own children and nobody else."""
