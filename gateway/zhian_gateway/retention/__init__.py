"""What has been kept long enough is deleted, class by class; what an open case needs stays, and so does the proof."""
