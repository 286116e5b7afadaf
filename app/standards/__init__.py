"""Editions of the Standards: what everything is measured against."""
