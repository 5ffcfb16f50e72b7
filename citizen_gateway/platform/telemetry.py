"""Structured logs with the request's id; nothing in them names a citizen."""

import logging
import sys

import structlog

from citizen_gateway.platform.settings import Settings


def configure_logging(settings: Settings) -> None:
    """Send structured lines to standard error: JSON for machines, coloured for the eye."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    renderer = structlog.processors.JSONRenderer() if settings.log_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
