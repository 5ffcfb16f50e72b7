"""The fake's refusals: the codes and statuses of the contract, as problem documents."""

STATUS = {
    "already_rated": 409,
    "bad_cursor": 400,
    "bad_idempotency_key": 400,
    "bad_ticket_number": 404,
    "channel_not_connected": 422,
    "coordinates_swapped": 422,
    "empty_text": 422,
    "evidence_missing": 422,
    "external_ref_not_allowed": 403,
    "external_ref_taken": 409,
    "forbidden": 403,
    "foreign_cursor": 403,
    "handover_answered": 409,
    "handover_open": 409,
    "idempotency_key_reused": 422,
    "illegal_action": 409,
    "invalid_request": 422,
    "malformed_key": 401,
    "method_not_allowed": 405,
    "not_found": 404,
    "not_json": 400,
    "not_possible": 409,
    "not_responsible": 403,
    "not_your_ticket": 403,
    "not_yet_invited": 404,
    "on_behalf_not_allowed": 403,
    "outside_city": 422,
    "photo_unreadable": 422,
    "rating_closed": 409,
    "role_missing": 403,
    "scope_missing": 403,
    "ticket_changed": 409,
    "unauthenticated": 401,
    "unknown_category": 422,
    "unknown_department": 422,
    "unknown_event_type": 422,
    "unknown_photo": 422,
    "unsupported_media_type": 415,
    "urged_today": 409,
}
"""The status of each code that the fake refuses with."""


class Refused(Exception):  # noqa: N818 - an answer, named by what happened
    """A call that changes nothing; `extra` is what programs may read of it."""

    def __init__(self, code: str, **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    def document(self, request_id: str, language: str) -> dict[str, object]:
        """Return it as RFC 9457 has it; the fake's texts say which language was asked for."""
        words = self.code.replace("_", " ").capitalize()
        return {
            "type": f"/problems/{self.code}",
            "title": f"{words} [{language}]",
            "status": STATUS[self.code],
            "detail": f"{words}. {self.extra or ''}".strip(),
            "code": self.code,
            "request_id": request_id,
            "extra": self.extra,
        }
