"""A WeChat server to develop and to test against: its API and its callbacks, over real HTTP, with its rules."""
