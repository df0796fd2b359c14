"""People, on what ground they are known, and what nodes may know of them."""
