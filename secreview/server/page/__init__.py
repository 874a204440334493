"""The review page: one person goes through one document, by keyboard, and gives an opinion."""
