"""Who is told what: in the portal, by e-mail, by calendar files."""
