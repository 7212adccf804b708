"""Copies of everything, made while people answer, and the way back from one. Decision 0043."""
