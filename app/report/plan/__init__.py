"""The action plan on paper that the practice can take along."""
