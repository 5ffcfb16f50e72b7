"""Calls that a center makes to those whose report was answered (回访)."""

from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncFollowUps:
    """Whom to call: tickets drawn by lot, and those whose reporters were unsatisfied again."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        done: bool | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.FollowUp]:
        """Return the calls of the caller's area that are still to be made, or with `done` those made, oldest first."""
        query: dict[str, object] = {"done": done, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_FOLLOW_UPS, options, query)

    async def record(
        self,
        follow_up_id: UUID | str,
        *,
        reached: bool,
        contacted: bool | None = None,
        solved: models.Solved | None = None,
        satisfied: int | None = None,
        note: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.FollowUp:
        """Say what a call told, once; where somebody was `reached`, with their three answers.

        Raises `AnswersMissing`, `AlreadyFollowedUp`.
        """
        body = models.RecordCall(
            reached=reached,
            contacted=given(contacted),
            solved=given(solved),
            satisfied=given(satisfied),
            note=given(note),
        )
        return await self._transport.send(
            operations.RECORD_FOLLOW_UP, options, path={"follow_up_id": follow_up_id}, body=body
        )
