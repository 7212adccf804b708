"""What keeps answers unreadable to whoever holds the database, and for good after the seal."""
