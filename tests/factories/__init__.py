"""Small makers of things, named for a moment of the journey."""
