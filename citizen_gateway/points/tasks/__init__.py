"""What volunteers do: tasks posted, signed up for, attended at the place, and approved."""
