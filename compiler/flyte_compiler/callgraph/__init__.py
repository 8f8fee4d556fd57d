"""Who calls whom, across the first-party modules that the entry files reach."""
