"""Tables from elsewhere: an uploaded file, its columns, rows and words."""
