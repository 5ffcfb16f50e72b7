"""A simulated city: as many tickets as wanted, with all that hangs on them, written at once."""

from citizen_gateway.cli.simulating.commands import simulate

__all__ = ["simulate"]
