"""What vouches for the audit outside its database: signed lines that say how far it was, and with which hash."""
