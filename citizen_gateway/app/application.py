"""The Litestar application: controllers, what they are given, and how refusals are answered."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig

from citizen_gateway.accounts.guards import provide_actor, provide_visitor
from citizen_gateway.accounts.routes import SessionController
from citizen_gateway.app.bodies import check_body
from citizen_gateway.app.health import HealthController
from citizen_gateway.app.reference import Description, Reference
from citizen_gateway.app.request_id import RequestIds
from citizen_gateway.assembly import Parts, assemble
from citizen_gateway.city.routes import AreaController, CategoryController
from citizen_gateway.desk.audit_routes import AuditController
from citizen_gateway.desk.queue_routes import QueueController
from citizen_gateway.desk.reveal_routes import RevealController
from citizen_gateway.desk.search_routes import FilterController, SearchController
from citizen_gateway.desk.staff_routes import StaffController
from citizen_gateway.handover.routes import HandoverController
from citizen_gateway.insights.briefing_routes import BriefingController
from citizen_gateway.insights.dispatch_routes import DispatchController
from citizen_gateway.insights.routes import ExclusionController, FigureController
from citizen_gateway.intake.judging_routes import JudgingController
from citizen_gateway.intake.nearby_routes import NearbyController
from citizen_gateway.intake.routes import ReportController
from citizen_gateway.kernel.clock import Clock
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.media.routes import PhotoController
from citizen_gateway.open311.routes import Open311Controller
from citizen_gateway.partners.clients.oauth import TokenController
from citizen_gateway.partners.clients.routes import ClientController
from citizen_gateway.partners.routes import EventController
from citizen_gateway.partners.sandbox_routes import SandboxController
from citizen_gateway.partners.webhooks.routes import WebhookController
from citizen_gateway.platform.engines.children import end_with_parent
from citizen_gateway.platform.http import AnyRequest, UnitOfWork
from citizen_gateway.platform.problems import answer_defect, answer_http_exception, answer_problem, answer_unstorable
from citizen_gateway.platform.settings import Settings, load_settings
from citizen_gateway.platform.telemetry import configure_logging
from citizen_gateway.points.rewards.counter import CounterController
from citizen_gateway.points.rewards.redemptions import RedemptionController
from citizen_gateway.points.rewards.routes import MerchantController, RewardController
from citizen_gateway.points.routes import PointsController
from citizen_gateway.points.tasks.routes import TaskController
from citizen_gateway.points.volunteers.routes import CertificateController, GroupController, VolunteerController
from citizen_gateway.privacy.routes import PrivacyController
from citizen_gateway.satisfaction.follow_up_routes import FollowUpController
from citizen_gateway.satisfaction.routes import RatingController
from citizen_gateway.tickets.center_routes import CenterController
from citizen_gateway.tickets.citizen_routes import CitizenTicketController
from citizen_gateway.tickets.department_routes import DepartmentController
from citizen_gateway.tickets.meeting_routes import MeetingController, TogetherController
from citizen_gateway.tickets.routes import TicketController

CONTROLLERS = [
    SessionController,
    CategoryController,
    AreaController,
    PhotoController,
    ReportController,
    NearbyController,
    JudgingController,
    TicketController,
    DepartmentController,
    CenterController,
    TogetherController,
    CitizenTicketController,
    MeetingController,
    RatingController,
    FollowUpController,
    PointsController,
    VolunteerController,
    GroupController,
    CertificateController,
    TaskController,
    MerchantController,
    RewardController,
    RedemptionController,
    CounterController,
    QueueController,
    SearchController,
    FilterController,
    RevealController,
    StaffController,
    AuditController,
    PrivacyController,
    ClientController,
    SandboxController,
    TokenController,
    EventController,
    WebhookController,
    FigureController,
    ExclusionController,
    BriefingController,
    HandoverController,
    DispatchController,
    Open311Controller,
    HealthController,
]
_BODY_BYTES = 1024 * 1024


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Litestar:
    """Put the application together; its parts open when it starts and close when it stops."""
    chosen = settings or load_settings()
    configure_logging(chosen)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        end_with_parent(signal.SIGTERM)
        async with assemble(chosen, *([clock] if clock else [])) as parts:
            app.state.parts, app.state.by_type = parts, parts.by_type()
            yield

    app = Litestar(
        CONTROLLERS,
        dependencies=_dependencies(),
        exception_handlers={
            Problem: answer_problem,
            HTTPException: answer_http_exception,
            asyncpg.CharacterNotInRepertoireError: answer_unstorable,
            asyncpg.UntranslatableCharacterError: answer_unstorable,
            Exception: answer_defect,
        },
        before_request=check_body,
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="Citizen gateway",
            version="1",
            use_handler_docstrings=True,
            path="/schema",
            render_plugins=[Description(), Reference()],
        ),
        logging_config=None,
        request_max_body_size=_BODY_BYTES,
    )
    app.asgi_handler = RequestIds(app.asgi_handler)
    return app


def _dependencies() -> dict[str, Provide]:
    # The callers need `work`, so Litestar resolves one after the other; side by side each would cost a task.
    return {
        "work": Provide(_provide_work, sync_to_thread=False),
        "actor": Provide(provide_actor),
        "visitor": Provide(provide_visitor),
    }


def _provide_work(request: AnyRequest) -> UnitOfWork:
    state = request.app.state
    parts: Parts = state.parts
    return UnitOfWork(request, parts.pool, parts.clock, state.by_type, parts.sandbox.pool)
