"""Measurements, each beside a floor taken in the same run."""

from citizen_gateway.cli.bench.commands import bench

__all__ = ["bench"]
