"""What the report says in words about its numbers."""
