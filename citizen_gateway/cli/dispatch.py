"""`dispatch`: why a case goes where it goes, and what new rules would have changed."""

import sys
from datetime import datetime
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.pack import load_pack
from citizen_gateway.city.problems import PackError
from citizen_gateway.city.read_model import City
from citizen_gateway.cli.insights import with_city
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.insights.dispatch_routes import explained, place_of
from citizen_gateway.insights.dispatch_schema import DispatchExplanation
from citizen_gateway.insights.periods import chosen_days
from citizen_gateway.insights.replay import Replay, past_tickets, replay
from citizen_gateway.insights.rights import Reach
from citizen_gateway.insights.service import selected, today
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.kernel.geo import Datum, to_wgs84
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.failures import StartupError

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def dispatch() -> None:
    """Duty rules asked and tried."""


@dispatch.command("explain")
@click.argument("category")
@click.option("--area", help="An area's code.")
@click.option("--point", type=(float, float), help="Latitude and longitude, WGS-84.")
@click.option("--language", default="zh_CN", show_default=True)
@common
@as_json
def explain_one(
    *,
    category: str,
    area: str | None,
    point: tuple[float, float] | None,
    language: str,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - from click
) -> None:
    """Tell which rule decides a CATEGORY's case at a place, and what would change it. Needs DATABASE_URL."""

    async def ask(_tx: Transaction, city: City) -> DispatchExplanation:
        if CategoryCode(category) not in city.categories:
            raise StartupError(f"There is no category {category}.")
        try:
            at = to_wgs84(*point, Datum.WGS84) if point else None
            return explained(city, CategoryCode(category), place_of(city, at, area), at, language)
        except (Problem, ValueError) as error:
            raise StartupError(f"{error}") from error

    found = with_city(settings_from(**given), ask)
    click.echo(msgspec.json.encode(found).decode() if as_json else _told(found))


def _told(found: DispatchExplanation) -> str:
    answer = f"{found.department} {found.department_name}" if found.department else "a person decides"
    lines = [f"{found.category} {found.category_name}: {answer}", *(f"  {sentence}" for sentence in found.evidence)]
    if found.polygon:
        lines.append(f"  polygon: {found.polygon.code} {found.polygon.name}")
    lines += [f"  rule {rule.rule}: {rule.verdict}, {', '.join(rule.departments) or '—'}" for rule in found.rules]
    lines += [f"  {other.change}: {other.department or '—'} ({other.rule or '—'})" for other in found.what_if]
    return "\n".join([*lines, f"  rules {found.version} ({found.rules_fingerprint})"])


@dispatch.command("replay")
@click.option("--pack", "new", required=True, help="The pack with the new rules: a folder, or a name below cities/.")
@click.option("--from", "first", type=_DAY, help="The first day on which tickets were opened.")
@click.option("--to", "last", type=_DAY, help="The last; today where not named.")
@as_json
def replay_past(*, new: str, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """Try a pack's rules on past tickets and show what would have gone elsewhere. Needs DATABASE_URL."""
    settings = settings_from(config=None, development=False, pack=new)
    try:
        other = City.from_pack(load_pack(pack_folder(settings)))
    except PackError as error:
        raise StartupError(str(error)) from error

    async def ask(tx: Transaction, city: City) -> Replay:
        try:
            days = chosen_days(None, first.date() if first else None, last.date() if last else None, today(tx, city))
        except Problem as problem:
            raise StartupError(str(problem)) from problem
        return replay(city, other, await past_tickets(tx.conn, selected(city, Reach(), *days)))

    found = with_city(settings, ask)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        _show(found, Console(highlight=False, width=None if sys.stdout.isatty() else 200))


def _show(found: Replay, console: Console) -> None:
    table = Table("category", "district", "before", "after", "tickets", "settled by before", "by after", "such as")
    for one in found.moved:
        counts = (one.tickets, one.settled_by_before, one.settled_by_after)
        names = (one.category, one.district or "—", one.before or "a person", one.after or "a person")
        table.add_row(*names, *map(str, counts), ", ".join(one.examples[:2]))
    console.print(table)
    console.print(
        f"{found.tickets} tickets: {found.same} as before, {found.tickets - found.same - found.unknown} elsewhere "
        f"({found.to_a_person} to a person, {found.from_a_person} no longer), {found.unknown} of unknown category. "
        f"Of {found.settled} settled ones the old rules named who settled it in {found.right_before}, "
        f"the new ones in {found.right_after}."
    )
