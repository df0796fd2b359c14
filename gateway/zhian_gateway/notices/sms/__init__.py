"""Text messages by providers that sign every request: what is sent and what an answer means, without a socket."""
