"""One practice's road: five milestones at a glance, what is next, whose turn it is."""
