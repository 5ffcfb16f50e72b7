"""What partners' systems build on: the event feed, webhooks, and the keys that open them."""
