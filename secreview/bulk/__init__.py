"""Many documents: which files a path means, and checking them in several processes."""
