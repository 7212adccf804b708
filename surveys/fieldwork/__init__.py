"""How a survey is going."""
