"""What the city does about reports: a ticket's life, its timeline, dispatch and deadlines."""
