"""The proof that nothing is lost: per node and local day, what was decided and what is stored."""
