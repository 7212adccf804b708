"""The few statements written by hand."""
