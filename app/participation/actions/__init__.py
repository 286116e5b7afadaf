"""Verbs of the room, by subject: rounds, enrolments, charts, reports."""
