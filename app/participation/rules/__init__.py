"""What a chart may hold, what is measured on it, and whether the result qualifies. Sample edition."""
