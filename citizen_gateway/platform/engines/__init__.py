"""Private PostgreSQL and Valkey, run from their wheels below the data folder, ended with us."""

from citizen_gateway.platform.engines.engines import Engines, start_engines

__all__ = ["Engines", "start_engines"]
