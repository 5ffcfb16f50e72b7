"""Members of staff."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import msgspec

from citizen_gateway.accounts import audit, passwords, staffing, store
from citizen_gateway.accounts.audit import Concern
from citizen_gateway.accounts.model import Staff
from citizen_gateway.accounts.staffing import Employee
from citizen_gateway.cli.preparing import database_url
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.kernel.ids import StaffId, uuid7
from citizen_gateway.platform import db
from citizen_gateway.platform.actor import SYSTEM, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import load_settings

T = TypeVar("T")


@click.group()
def staff() -> None:
    """Members of staff."""


_right = (
    click.option("--role", type=click.Choice([role.value for role in Role]), required=True),
    click.option("--department", help="Only in this department."),
    click.option("--area", help="Only in this area and what lies in it."),
)


def _with_right(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_right):
        command = option(command)
    return command


@staff.command("add")
@click.argument("login")
@click.option("--name", help="Shown name; the login where none is given.")
@_with_right
def add_staff(login: str, name: str | None, role: str, department: str | None, area: str | None) -> None:
    """Add a member of staff, or change their name and right. Needs DATABASE_URL."""
    grant = Grant(Role(role), department, area)

    async def add(tx: Transaction) -> None:
        person = Staff(StaffId(uuid7(tx.now)), login, name or login, (grant,))
        await store.save_staff(tx.conn, person, tx.now)
        kept = await staffing.employee_by_login(tx.conn, login)
        await audit.write(tx, "staff.added", concern=Concern(kept.id), grants=[msgspec.to_builtins(grant)])

    once(add)
    click.echo(f"{login}: {_told(grant)}")


@staff.command("grant")
@click.argument("login")
@_with_right
def grant_right(login: str, role: str, department: str | None, area: str | None) -> None:
    """Give a member of staff one more right. Needs DATABASE_URL."""
    grant = Grant(Role(role), department, area)
    _change(login, lambda tx, identity: staffing.give(tx, identity, grant))


@staff.command("revoke")
@click.argument("login")
@_with_right
def revoke_right(login: str, role: str, department: str | None, area: str | None) -> None:
    """Take a right away. Needs DATABASE_URL."""
    grant = Grant(Role(role), department, area)
    _change(login, lambda tx, identity: staffing.take(tx, identity, grant))


@staff.command()
@click.argument("login")
def deactivate(login: str) -> None:
    """End somebody's service: their sessions and rights work no more. Needs DATABASE_URL."""
    _change(login, staffing.dismiss)


@staff.command("password")
@click.argument("login")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for where not given.")
def set_password(login: str, password: str) -> None:
    """Set a password, with which a member of staff signs in. Needs DATABASE_URL."""
    if not passwords.LEAST_SIGNS <= len(password) <= passwords.MOST_SIGNS:
        raise StartupError(f"A password has {passwords.LEAST_SIGNS} to {passwords.MOST_SIGNS} signs.")

    async def change(tx: Transaction, identity: StaffId) -> Employee:
        await staffing.set_password(tx, identity, await passwords.hashed(password))
        return await staffing.employee(tx.conn, identity)

    _change(login, change)


def _change(login: str, do: Callable[[Transaction, StaffId], Awaitable[Employee]]) -> None:
    async def change(tx: Transaction) -> Employee:
        return await do(tx, (await staffing.employee_by_login(tx.conn, login)).id)

    employee = once(change)
    rights = ", ".join(map(_told, employee.grants)) or "no right"
    click.echo(f"{login}: {rights if employee.active else 'left'}")


def _told(grant: Grant) -> str:
    limits = [f"of {grant.department}"] if grant.department else []
    return " ".join([grant.role.value, *limits, *([f"in {grant.area}"] if grant.area else [])])


def once(do: Callable[[Transaction], Awaitable[T]]) -> T:
    """Do one thing in a transaction of its own. Raises `StartupError` for what is refused."""
    return asyncio.run(in_transaction(database_url(load_settings()), do))


async def in_transaction(url: str, do: Callable[[Transaction], Awaitable[T]]) -> T:
    """Do one thing by the system's hand in a transaction of its own. Raises `StartupError` for what is refused."""
    conn = await db.connect(url)
    try:
        async with db.begin_on(conn, system_clock(), SYSTEM) as tx:
            return await do(tx)
    except Problem as problem:
        raise StartupError(str(problem)) from problem
    finally:
        await conn.close()
