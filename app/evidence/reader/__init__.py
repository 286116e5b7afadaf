"""Reads strangers' files. Everything here but `child` runs in a process of its own, which may die."""
