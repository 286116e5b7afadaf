"""M5: the award, the certificate and its public answer, the plaque, the registry."""
