"""The running process: HTTP in front, the host behind, put together from the settings."""
