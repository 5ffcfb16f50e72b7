"""The city pack: categories, areas, departments, duty rules and calendar, read once and asked in memory."""
