"""Doors into other products: each module knows one of them and is loaded by it alone."""
