"""Identify: the long list of topics and the catalogue beside it."""
