"""Official paper: typeset a template with frozen data, sign it, recognize it when it comes back."""
