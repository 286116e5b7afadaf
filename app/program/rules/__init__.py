"""How days are counted, dates are worked out and explained, and fees are added up."""
