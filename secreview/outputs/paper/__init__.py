"""Records on paper: the review form, statistics, self-inspection, entries of the catalogue."""
