"""Characters, words and check digits: what a text says whatever it is dressed up as."""
