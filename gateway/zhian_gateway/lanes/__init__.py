"""How each lane is, by what its node decided and what its barrier did."""
