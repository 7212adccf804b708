"""Lock a round as one immutable document, read it back, and verify it."""
