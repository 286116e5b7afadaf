"""The ground under every room: session, clock, ledger, ids, jobs. Nothing here knows about oncology."""
