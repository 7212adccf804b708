"""Answers from elsewhere: what columns and words mean, and which rows can be used."""
