"""M2, submit application: webinar, the six steps, and the submission that makes a practice ready for its survey."""
