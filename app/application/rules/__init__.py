"""What milestone 2 knows without a database: its words, moves, thresholds and reasons."""
