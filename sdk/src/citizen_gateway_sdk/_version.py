"""The version, said once: the wheel's metadata and the User-Agent both read it."""

__version__ = "0.1.0"
