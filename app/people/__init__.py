"""Who is who: practices, sites, users, roles, and the one table of who may do what."""
