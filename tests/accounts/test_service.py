"""Signing in, and recognising who calls."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from citizen_gateway.accounts import service, store
from citizen_gateway.accounts.errors import NameTaken, UnknownLogin
from citizen_gateway.accounts.model import (
    CITIZEN_SESSION,
    STAFF_SESSION,
    ApiClient,
    Channel,
    CredentialKind,
    Staff,
)
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.accounts.store import Bearer
from citizen_gateway.kernel.errors import Unauthenticated
from citizen_gateway.kernel.ids import CitizenId, ClientId, StaffId, secret_hash, uuid7
from citizen_gateway.platform.actor import Grant, Role, Scope
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.vault import Vault
from tests.gateway import DEPARTMENT

REMEMBERED = timedelta(seconds=5)


@pytest.fixture
def doorkeeper(pool: Pool) -> Doorkeeper:
    """Return a doorkeeper who knows nobody yet."""
    return Doorkeeper(pool)


class TestFindOrAddCitizen:
    """A channel's id is one citizen."""

    async def test_the_same_id_is_the_same_citizen(self, tx: Transaction, vault: Vault) -> None:
        """Again and again; on another channel it is somebody else."""
        first = await service.find_or_add_citizen(tx, vault, "wechat", "openid-1")
        assert await service.find_or_add_citizen(tx, vault, "wechat", "openid-1") == first
        assert await service.find_or_add_citizen(tx, vault, "wechat", "openid-2") != first
        assert await service.find_or_add_citizen(tx, vault, "telegram", "openid-1") != first

    async def test_twenty_simultaneous_first_sights_are_one_citizen(
        self, pool: Pool, tx: Transaction, vault: Vault
    ) -> None:
        """All get the same id, one identity is kept, and no citizen is left over."""
        subject = uuid4().hex
        before = await pool.fetchval("select count(*) from citizen")

        async def see() -> CitizenId:
            async with begin(pool, tx.now) as mine:
                return await service.find_or_add_citizen(mine, vault, "app", subject)

        assert len(set(await asyncio.gather(*(see() for _ in range(20))))) == 1
        assert await pool.fetchval("select count(*) from citizen") == before + 1

    async def test_no_table_holds_the_id_in_plain(self, tx: Transaction, vault: Vault) -> None:
        """Sealed it can be opened again, hashed it can be found; the text itself is nowhere."""
        subject = "13812345678"
        citizen = await service.find_or_add_citizen(tx, vault, "hotline_12345", subject)
        row = await tx.conn.fetchrow("select * from identity where citizen_id = $1", citizen)
        assert row is not None
        assert vault.open(row["subject_sealed"]) == subject
        assert row["subject_hash"] == vault.index(f"hotline_12345:{subject}")
        for table in ("citizen", "identity", "credential", "event", "idempotency"):
            rows = await tx.conn.fetch(f"select t::text as text from {table} t")
            plain = (subject, subject.encode().hex())
            assert not [found["text"] for found in rows if any(sign in found["text"] for sign in plain)]

    async def test_sealing_twice_never_looks_the_same(self, vault: Vault) -> None:
        """Two citizens cannot be told to be one by what is stored."""
        assert vault.seal("13812345678") != vault.seal("13812345678")


class TestSessions:
    """A credential is recognised until it expires or is revoked."""

    async def test_who_comes_back_is_recognised(
        self, pool: Pool, tx: Transaction, vault: Vault, doorkeeper: Doorkeeper
    ) -> None:
        """As the citizen they are, in their language."""
        async with begin(pool, tx.now) as mine:
            issued = await service.sign_in_citizen(mine, vault, "app", uuid4().hex, "en")
        actor = await doorkeeper.recognise(issued.secret, tx.now)
        assert (actor.id, actor.kind.value, actor.locale) == (issued.owner, "citizen", "en")
        assert actor.grants == ()

    async def test_the_secret_itself_is_not_kept(self, tx: Transaction, vault: Vault) -> None:
        """Only its hash and its first signs are, which open nothing."""
        issued = await service.sign_in_citizen(tx, vault, "app", uuid4().hex, None)
        rows = await tx.conn.fetch("select c::text as text, hint from credential c where owner = $1", issued.owner)
        assert issued.secret not in rows[0]["text"]
        assert issued.secret.startswith(rows[0]["hint"])
        assert len(rows[0]["hint"]) <= 10

    @pytest.mark.parametrize(
        ("kind", "length"), [(CredentialKind.CITIZEN, CITIZEN_SESSION), (CredentialKind.STAFF, STAFF_SESSION)]
    )
    async def test_a_session_expires(
        self,
        kind: CredentialKind,
        length: timedelta,
        *,
        pool: Pool,
        tx: Transaction,
        vault: Vault,
        doorkeeper: Doorkeeper,
    ) -> None:
        """To the moment, also for a doorkeeper who still remembers it."""
        async with begin(pool, tx.now) as mine:
            if kind is CredentialKind.CITIZEN:
                issued = await service.sign_in_citizen(mine, vault, "app", uuid4().hex, None)
            else:
                login = uuid4().hex
                await store.save_staff(mine.conn, Staff(StaffId(uuid7(tx.now)), login, login), tx.now)
                issued = await service.sign_in_staff(mine, login)
        end = tx.now + length
        assert issued.expires_at == end
        await doorkeeper.recognise(issued.secret, end - timedelta(seconds=1))
        with pytest.raises(Unauthenticated):
            await doorkeeper.recognise(issued.secret, end)

    async def test_signing_out_ends_it(self, pool: Pool, tx: Transaction, vault: Vault, doorkeeper: Doorkeeper) -> None:
        """At once where it was said, within seconds in other processes."""
        elsewhere = Doorkeeper(pool)
        async with begin(pool, tx.now) as mine:
            issued = await service.sign_in_citizen(mine, vault, "app", uuid4().hex, None)
        await elsewhere.recognise(issued.secret, tx.now)
        await doorkeeper.recognise(issued.secret, tx.now)
        async with begin(pool, tx.now) as mine:
            await doorkeeper.dismiss(mine, issued.secret)
        with pytest.raises(Unauthenticated):
            await doorkeeper.recognise(issued.secret, tx.now)
        with pytest.raises(Unauthenticated):
            await elsewhere.recognise(issued.secret, tx.now + REMEMBERED)

    @pytest.mark.parametrize("secret", ["", "cgc_", "cgc_nobody", "💥", "\0", "x" * 10_000])
    async def test_what_nobody_issued_is_nobody(self, secret: str, tx: Transaction, doorkeeper: Doorkeeper) -> None:
        """Whatever it looks like."""
        with pytest.raises(Unauthenticated):
            await doorkeeper.recognise(secret, tx.now)

    async def test_a_credential_of_somebody_gone_opens_nothing(
        self, pool: Pool, tx: Transaction, doorkeeper: Doorkeeper
    ) -> None:
        """Staff who left and clients switched off are not recognised, though their secret is valid."""
        async with begin(pool, tx.now) as mine:
            login = uuid4().hex
            await store.save_staff(mine.conn, Staff(StaffId(uuid7(tx.now)), login, login), tx.now)
            staff = await service.sign_in_staff(mine, login)
            client = ApiClient(ClientId(uuid7(tx.now)), uuid4().hex, Channel.PARTNER, frozenset())
            key = await service.add_client(mine, client)
            await mine.conn.execute("update staff set active = false where id = $1", staff.owner)
            await mine.conn.execute("update api_client set active = false where id = $1", key.owner)
            nobody = await service.issue(mine, Bearer(CredentialKind.STAFF, uuid4(), None))
        for issued in (staff, key, nobody):
            with pytest.raises(Unauthenticated):
                await doorkeeper.recognise(issued.secret, tx.now)

    async def test_an_unknown_login_is_refused(self, tx: Transaction) -> None:
        """Nobody is made up."""
        with pytest.raises(UnknownLogin):
            await service.sign_in_staff(tx, "nobody")


class TestStaff:
    """Rights of staff."""

    async def test_rights_are_replaced_not_added(self, tx: Transaction) -> None:
        """Who is saved again has the new name and the new rights alone."""
        identity = StaffId(uuid7(tx.now))
        grants = (Grant(Role.HANDLER, DEPARTMENT), Grant(Role.LEAD, DEPARTMENT, "410103"))
        await store.save_staff(tx.conn, Staff(identity, "wang", "王", grants), tx.now)
        found = await store.staff_by_login(tx.conn, "wang")
        assert found is not None
        assert (found.id, set(found.grants)) == (identity, set(grants))
        again = Staff(StaffId(uuid7(tx.now)), "wang", "王五", (Grant(Role.CENTER),))
        await store.save_staff(tx.conn, again, tx.now)
        found = await store.staff_by_id(tx.conn, identity)
        assert found is not None
        assert (found.name, found.grants) == ("王五", (Grant(Role.CENTER),))


class TestClients:
    """What a partner's key opens."""

    @pytest.mark.parametrize(
        ("scopes", "grants"),
        [
            (set(), ()),
            ({Scope.REPORTS_WRITE}, ()),
            ({Scope.TICKETS_READ}, (Grant(Role.OBSERVER, "a"), Grant(Role.OBSERVER, "b"))),
            ({Scope.TICKETS_HANDLE}, (Grant(Role.HANDLER, "a"), Grant(Role.HANDLER, "b"))),
            ({Scope.TICKETS_CENTER}, (Grant(Role.CENTER),)),
        ],
    )
    def test_scopes_become_rights_in_its_departments(self, scopes: set[Scope], grants: tuple[Grant, ...]) -> None:
        """Handling and reading are for the named departments alone; without any they are for none."""
        client = ApiClient(ClientId(uuid4()), "c", Channel.IOT, frozenset(scopes), frozenset({"b", "a"}))
        actor = service.client_actor(client)
        assert (actor.grants, actor.scopes, actor.channel) == (grants, frozenset(scopes), "iot")
        nowhere = ApiClient(ClientId(uuid4()), "c", Channel.IOT, frozenset({Scope.TICKETS_HANDLE}))
        assert service.client_actor(nowhere).departments(Role.HANDLER) == frozenset()

    async def test_a_key_may_expire(self, pool: Pool, tx: Transaction, doorkeeper: Doorkeeper) -> None:
        """Until then it is the client; a key without an end has none."""
        client = ApiClient(ClientId(uuid7(tx.now)), uuid4().hex, Channel.PARTNER, frozenset({Scope.REPORTS_READ}))
        until = tx.now + timedelta(days=1)
        async with begin(pool, tx.now) as mine:
            issued = await service.add_client(mine, client, until)
        assert (await doorkeeper.recognise(issued.secret, tx.now)).name == client.name
        with pytest.raises(Unauthenticated):
            await doorkeeper.recognise(issued.secret, until)
        assert secret_hash(issued.secret) != issued.secret.encode()

    async def test_a_name_is_taken_once(self, tx: Transaction) -> None:
        """A second client of the same name is refused."""
        name = uuid4().hex
        await service.add_client(tx, ApiClient(ClientId(uuid4()), name, Channel.PARTNER, frozenset()))
        with pytest.raises(NameTaken):
            await service.add_client(tx, ApiClient(ClientId(uuid4()), name, Channel.PARTNER, frozenset()))
