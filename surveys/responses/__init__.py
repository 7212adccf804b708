"""What remains after the seal: columns of numbers, and the signs of careless answers."""
