"""Evidence: a practice's documents, readable, searchable, and tied to the standards that they answer."""
