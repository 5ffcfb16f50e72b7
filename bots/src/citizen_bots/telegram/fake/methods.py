"""Which parameters the methods take; a call with another one, or without one that is needed, is refused."""

from collections.abc import Mapping

METHODS: Mapping[str, tuple[str, str]] = {
    "getMe": ("", ""),
    "getUpdates": ("", "offset limit timeout allowed_updates"),
    "setWebhook": ("url", "ip_address max_connections allowed_updates drop_pending_updates secret_token"),
    "deleteWebhook": ("", "drop_pending_updates"),
    "getWebhookInfo": ("", ""),
    "sendMessage": (
        "chat_id text",
        "parse_mode entities link_preview_options disable_notification protect_content reply_parameters reply_markup",
    ),
    "sendPhoto": (
        "chat_id photo",
        "caption parse_mode caption_entities disable_notification protect_content reply_parameters reply_markup",
    ),
    "sendLocation": (
        "chat_id latitude longitude",
        "horizontal_accuracy live_period disable_notification protect_content reply_parameters reply_markup",
    ),
    "sendChatAction": ("chat_id action", ""),
    "sendMediaGroup": ("chat_id media", "disable_notification protect_content reply_parameters"),
    "answerCallbackQuery": ("callback_query_id", "text show_alert url cache_time"),
    "editMessageText": ("", "text chat_id message_id inline_message_id parse_mode entities reply_markup"),
    "editMessageReplyMarkup": ("", "chat_id message_id inline_message_id reply_markup"),
    "getFile": ("file_id", ""),
    "setMyCommands": ("commands", "scope language_code"),
    "setChatMenuButton": ("", "chat_id menu_button"),
}
"""The needed ones and the others, for each method."""
TEXTS = frozenset(
    {"action", "callback_query_id", "caption", "file_id", "inline_message_id", "ip_address", "language_code"}
    | {"parse_mode", "photo", "secret_token", "text", "url"}
)
"""Which of them are text; in a form the others are JSON."""


def complaint(method: str, given: Mapping[str, object]) -> str:
    """Return what is wrong with the parameters of a call, or nothing."""
    needed, others = (set(names.split()) for names in METHODS[method])
    if missing := sorted(needed - given.keys()):
        return f"{missing[0]} is missing"
    if unknown := sorted(given.keys() - needed - others):
        return f"{unknown[0]} is no parameter of {method}"
    return ""
