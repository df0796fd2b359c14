"""What node and gateway say to each other: events, receipts, commands, topics and their codec."""
