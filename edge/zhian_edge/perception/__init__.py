"""What the cameras' pictures mean: Frame → Detection → Track → Shot → Observation; pure stages, no thread, no clock."""
