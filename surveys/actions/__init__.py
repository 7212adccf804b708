"""Every write of the collecting half is a verb here."""
