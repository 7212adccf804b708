"""What happens to answers when things break: `make faults` prints it and writes `faults.json`."""
