"""The command `citizen-gateway`: what an operator does by hand."""

from citizen_gateway.cli.main import main

__all__ = ["main"]
