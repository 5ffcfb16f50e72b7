"""A bare aiogram bot that sends back what it is sent: the yardstick. It keeps nothing and knows nobody."""

import os

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

API, PORT, TOKEN, SECRET = "ECHO_API", "ECHO_PORT", "ECHO_TOKEN", "ECHO_SECRET"


async def _echo(message: Message) -> None:
    await message.answer(message.text or "")


async def _ready(_request: web.Request) -> web.Response:
    return web.Response()


def main() -> None:
    """Serve by aiogram's own webhook, on the event loop that the bots have."""
    bot = Bot(os.environ[TOKEN], AiohttpSession(api=TelegramAPIServer.from_base(os.environ[API])))
    dispatcher = Dispatcher()
    dispatcher.message.register(_echo)
    app = web.Application()
    app.router.add_get("/ready", _ready)
    SimpleRequestHandler(dispatcher, bot, secret_token=os.environ[SECRET]).register(app, path="/telegram")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(
        app, host="127.0.0.1", port=int(os.environ[PORT]), loop=uvloop.new_event_loop(), access_log=None, print=None
    )


if __name__ == "__main__":
    main()
