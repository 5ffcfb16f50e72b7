"""What can be asked next about what an operation answered: the links of the API's description (OpenAPI 3.1)."""

from collections.abc import Mapping
from typing import Any

_BODY = "$response.body#/"

LINKS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "submitReport": {
        "getReport": ("report_id", "report_id"),
        "getInvitationOfReport": ("report_id", "report_id"),
        "getTicket": ("number", "ticket/number"),
        "getTimeline": ("number", "ticket/number"),
        "urgeTicket": ("number", "ticket/number"),
        "withdrawTicket": ("number", "ticket/number"),
        "acceptTicket": ("number", "ticket/number"),
        "assignTicket": ("number", "ticket/number"),
        "resolveTicket": ("number", "ticket/number"),
        "reopenTicket": ("number", "ticket/number"),
    },
    "uploadPhoto": {"getPhoto": ("photo_id", "id"), "getPhotoContent": ("photo_id", "id")},
    "offerHandover": {"getHandover": ("handover_id", "id"), "withdrawHandover": ("handover_id", "id")},
    "postTask": {"getTask": ("task_id", "id"), "signUpForTask": ("task_id", "id"), "cancelTask": ("task_id", "id")},
    "addWebhook": {"getWebhook": ("webhook_id", "webhook/id"), "deleteWebhook": ("webhook_id", "webhook/id")},
    "addStaff": {"grantRight": ("staff_id", "id"), "deactivateStaff": ("staff_id", "id")},
    "saveFilter": {"deleteFilter": ("filter_id", "id")},
}
"""By operation: those that go on with its answer, which of their parameters, and where in the answer it stands."""


def add_links(paths: Mapping[str, Any]) -> None:
    """Write the links into the successes of a description's operations. Raises `LookupError` for one to nowhere."""
    operations = {operation["operationId"]: operation for item in paths.values() for operation in item.values()}
    for source, targets in LINKS.items():
        if missing := {source, *targets} - set(operations):
            raise LookupError(f"links of {source} name {', '.join(sorted(missing))}, which the API does not have")
        success = next(code for code in operations[source]["responses"] if code.startswith("2"))
        operations[source]["responses"][success]["links"] = {
            target: {"operationId": target, "parameters": {f"path.{name}": f"{_BODY}{place}"}}
            for target, (name, place) in targets.items()
        }
