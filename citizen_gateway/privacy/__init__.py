"""A person and their data: what is kept of them, given out and erased on their word (PIPL §45, §47)."""
