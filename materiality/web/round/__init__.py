"""A round as a whole: list, overview, engagement, people, sign-in."""
