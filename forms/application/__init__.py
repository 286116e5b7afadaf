"""The forms of milestone 2, one file for each step."""
