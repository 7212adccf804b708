"""Mail: its words, and what comes back."""
