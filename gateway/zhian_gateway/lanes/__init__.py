"""How each lane is, by what its node decided and what its barrier did; and what people order it to do."""
