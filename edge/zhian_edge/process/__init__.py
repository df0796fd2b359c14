"""What a running process needs around the stages: clock, supervision, the line between gate and vision."""
