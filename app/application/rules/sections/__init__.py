"""The ten sections of the practice questionnaire, as data with their own checks."""
