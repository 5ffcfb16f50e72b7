"""HTTP: the slices' controllers put together into one application."""

from citizen_gateway.app.application import create_app

__all__ = ["create_app"]
