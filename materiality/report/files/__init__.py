"""The files of a report: which there are, what was ordered, how each is made."""
