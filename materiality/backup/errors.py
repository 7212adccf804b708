"""Why there is no backup, or no way back from one: sentences for whoever runs the site."""


class BackupError(Exception):
    """`str()` says what was found and what to do. Nothing was changed."""
