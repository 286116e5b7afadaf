"""The words, moves and guards of the survey; pure Python, one file per subject."""
