"""The deck for the board."""
