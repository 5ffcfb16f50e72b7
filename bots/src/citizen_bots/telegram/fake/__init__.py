"""A Telegram Bot API server of our own: for tests, and to try the bots by hand."""
