"""Takes events from the broker, commits them by the batch, and answers with receipts."""
