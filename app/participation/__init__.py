"""M1: a practice takes part in a round, and learns whether its score opens an application."""
