"""What people do, milestone by milestone; each story begins where the one before ends."""
