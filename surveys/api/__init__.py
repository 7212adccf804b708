"""Answering by program, and the fields every API of the product sends and takes."""
