"""Score: results, the method, robustness, trying weights."""
