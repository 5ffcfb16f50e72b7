"""The conversations in a terminal, for development and for showing."""
