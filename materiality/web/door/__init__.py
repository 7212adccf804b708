"""A person's own door: tokens, passwords, where one is signed in."""
