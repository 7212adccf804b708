"""A second reader of bundles, written from `docs/bundle.md` and `docs/method.md` alone.

It imports nothing of the product and computes in plain Python, number by number, where the
product computes in arrays. Where the two disagree, either the product or the two pages are wrong.
"""
