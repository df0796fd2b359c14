"""The emergency button: whoever presses it reaches guards, police and sirens at once; and who is still inside."""
