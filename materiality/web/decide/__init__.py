"""Decide: changes since last year, records, approval, lock."""
