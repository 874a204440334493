"""The review page: over HTTP, and in a real browser."""
