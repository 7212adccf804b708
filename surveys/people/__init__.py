"""People on a list: rows, links, contacts, redaction, and what the log may say."""
