"""File complaints with a city's citizen gateway, follow them, and handle them: `Gateway`, or `AsyncGateway`."""

from citizen_gateway_sdk import errors, events, models, webhooks
from citizen_gateway_sdk._async.client import AsyncGateway
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._failures import APIError, ConnectionFailed, GatewayError, TimedOut, UnreadableAnswer
from citizen_gateway_sdk._model import Page
from citizen_gateway_sdk._retry import Backoff
from citizen_gateway_sdk._settings import ClientOptions
from citizen_gateway_sdk._sync.client import Gateway
from citizen_gateway_sdk._sync.pages import Pages
from citizen_gateway_sdk._version import __version__
from citizen_gateway_sdk.models import Channel, Datum, OnBehalfOf, Position, Solved, TicketState

__all__ = [
    "APIError",
    "AsyncGateway",
    "AsyncPages",
    "Backoff",
    "Channel",
    "ClientOptions",
    "ConnectionFailed",
    "Datum",
    "Gateway",
    "GatewayError",
    "OnBehalfOf",
    "Page",
    "Pages",
    "Position",
    "ReadOptions",
    "Solved",
    "TicketState",
    "TimedOut",
    "UnreadableAnswer",
    "WriteOptions",
    "__version__",
    "errors",
    "events",
    "models",
    "webhooks",
]
