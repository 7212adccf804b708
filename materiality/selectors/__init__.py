"""What a round's rows and log say now: questions of verbs, pages and files. Writes nothing."""
