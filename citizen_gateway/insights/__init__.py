"""What the city's events add up to: figures, the three rates, hot spots and each morning's briefing."""
