"""Who takes part: profiles, family, groups, the leaderboard, and certificates of service."""
