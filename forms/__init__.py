"""What people type: shapes and words, nothing of the database."""
