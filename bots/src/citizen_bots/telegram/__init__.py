"""The Telegram channel: webhook or polling in, the Bot API out."""
