"""Rules as written: their grammar, loading, plans and examples."""
