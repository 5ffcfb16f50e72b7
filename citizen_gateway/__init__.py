"""The citizen gateway's backend: one folder per thing a city does, in a fixed order (see docs/start-here.md)."""
