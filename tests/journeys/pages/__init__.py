"""Pages as a person meets them: classes that walk and return pages, one file per milestone."""
