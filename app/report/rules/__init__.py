"""The words, moves and reasons of M4, one file per subject."""
