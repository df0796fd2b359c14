"""The site's own certificate authority: who a node is, and how the broker is told."""
