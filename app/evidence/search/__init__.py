"""From what a person types to the pages that answer it. Nothing here touches the database."""
