"""The HTTP service: reviews, records and the gate for whatever publishes."""
