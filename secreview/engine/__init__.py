"""Rules as applied: which candidates a text has, which of them are findings."""
