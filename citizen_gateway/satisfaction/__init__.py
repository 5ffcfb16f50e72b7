"""Was it solved, and is the citizen satisfied: one invitation and at most one rating per report."""
