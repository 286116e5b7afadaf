"""M3: the surveyor, the visit, the worksheet, the committee. Takes a ready application, ends with a determination."""
