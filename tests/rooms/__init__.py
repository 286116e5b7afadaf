"""Same file names in different folders."""
