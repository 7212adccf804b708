"""Score: results, the method, robustness; weights are tried out in `trial_weights`."""
