"""Dated settings: clocks and business days, the calendar, fees."""
