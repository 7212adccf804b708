"""One visit of a respondent: where they stand, what may be asked of them, and how often."""
