"""Report: files, look, content index, evidence, the public page."""
