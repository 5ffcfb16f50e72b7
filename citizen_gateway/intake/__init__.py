"""What a citizen says: a report, understood, located, and turned into a ticket in one transaction."""
