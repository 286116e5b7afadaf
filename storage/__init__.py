"""Doors to the outside: objects and full text, each with a twin in memory."""
