"""What people do in a real browser, against a real portal: one story per milestone, and one of the whole road."""
