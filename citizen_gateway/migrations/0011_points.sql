-- volunteers, the ledger of points, rewards
-- depends: 0007_satisfaction

-- migrate: apply

-- Accounts of the ledger. `balance` is the sum of the account's entries, kept by the trigger on them and by nothing else.
-- What the city gives out and takes back stands in 32 drawers per kind, so that people do not wait for each other.
create table points_account (
    id uuid primary key,
    kind text not null check (kind in ('issuance', 'person', 'reserved', 'merchant', 'expired', 'clawed_back')),
    holder text not null,
    balance bigint not null default 0,
    created_at timestamptz not null default now(),
    unique (kind, holder),
    constraint points_account_in_bounds check (case kind when 'issuance' then balance <= 0 when 'person' then true else balance >= 0 end)
) with (fillfactor = 70);

-- What moved points and why; `cause` names it once for ever, so that no cause has an effect twice. `event` is the event
-- it came of, `asked` what it would have been without caps, `day` its date in the city.
create table points_transfer (
    id uuid primary key,
    kind text not null check (kind in ('earned', 'awarded', 'sent', 'reserved', 'returned', 'settled', 'expired', 'clawed_back')),
    cause text not null unique,
    event uuid,
    actor text not null,
    note text not null default '',
    asked bigint not null check (asked between 0 and 1000000000000),
    day date not null,
    at timestamptz not null
);

-- The book itself. All lines of a transfer come in one statement and add up to zero; none is ever changed.
create table points_entry (
    transfer_id uuid not null,
    line smallint not null,
    account_id uuid not null,
    lot_id uuid,
    amount bigint not null check (amount <> 0),
    primary key (transfer_id, line)
);
create index points_entry_account on points_entry (account_id, transfer_id);

-- Points of one person that came together and expire together. `remaining` and `expired` are sums of the entries that
-- name the lot. `counted` says that caps count it, on `day`.
create table points_lot (
    id uuid primary key,
    account_id uuid not null,
    transfer_id uuid not null,
    amount bigint not null check (amount > 0),
    remaining bigint not null default 0 check (remaining between 0 and amount),
    expired bigint not null default 0 check (expired between 0 and amount),
    counted boolean not null,
    day date not null,
    expires_at timestamptz not null
) with (fillfactor = 70);
create index points_lot_account on points_lot (account_id, expires_at, id) where remaining > 0;
create index points_lot_expiry on points_lot (expires_at) where remaining > 0;
create index points_lot_day on points_lot (account_id, day) where counted;
create index points_lot_transfer on points_lot (transfer_id);

create function points_book() returns trigger language plpgsql as $$
declare
    touched bigint;
    found_rows bigint;
begin
    if exists (
        select from booked group by transfer_id
        having sum(amount) <> 0 or min(line) <> 1 or max(line) <> count(*)
    ) then
        raise exception 'the lines of a transfer come together and add up to zero'
            using errcode = 'check_violation', constraint = 'points_entry_balanced';
    end if;
    if exists (
        select from booked b left join points_transfer t on t.id = b.transfer_id
        left join points_account a on a.id = b.account_id
        where t.id is null or a.id is null or (a.kind = 'person' and b.lot_id is null and b.amount < 0 and t.kind <> 'clawed_back')
    ) then
        raise exception 'a line names no transfer or no account, or takes points that are in no lot'
            using errcode = 'check_violation', constraint = 'points_entry_allowed';
    end if;
    perform from points_account where id in (select account_id from booked) order by id for no key update;
    update points_account a set balance = a.balance + d.amount
    from (select account_id, sum(amount) as amount from booked group by account_id) d where a.id = d.account_id;
    update points_lot l set remaining = l.remaining + d.amount, expired = l.expired + d.expired
    from (
        select b.lot_id, b.account_id, sum(b.amount) as amount, coalesce(-sum(b.amount) filter (where t.kind = 'expired'), 0) as expired
        from booked b join points_transfer t on t.id = b.transfer_id
        where b.lot_id is not null group by b.lot_id, b.account_id
    ) d where l.id = d.lot_id and l.account_id = d.account_id;
    get diagnostics touched = row_count;
    select count(*) into found_rows from (select distinct lot_id, account_id from booked where lot_id is not null) named;
    if touched <> found_rows then
        raise exception 'a line names a lot that is not of its account'
            using errcode = 'check_violation', constraint = 'points_entry_lot';
    end if;
    return null;
end
$$;

create trigger points_entry_booked after insert on points_entry
    referencing new table as booked for each statement execute function points_book();

create function points_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% on % is not allowed: the ledger only grows', tg_op, tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger points_entry_kept before update or delete or truncate on points_entry
    for each statement execute function points_refuse();
create trigger points_transfer_kept before update or delete or truncate on points_transfer
    for each statement execute function points_refuse();
create trigger points_account_kept before delete or truncate on points_account
    for each statement execute function points_refuse();
create trigger points_lot_kept before delete or truncate on points_lot
    for each statement execute function points_refuse();
-- Sums are written by the book alone: at a trigger's depth of one it is somebody's own statement.
create trigger points_account_sum before update on points_account
    for each row when (pg_trigger_depth() < 1 and old.balance is distinct from new.balance) execute function points_refuse();
create trigger points_account_empty before insert on points_account
    for each row when (new.balance <> 0) execute function points_refuse();
create trigger points_lot_sum before update on points_lot
    for each row when (pg_trigger_depth() < 1 and (old.remaining, old.expired, old.amount, old.account_id, old.expires_at)
        is distinct from (new.remaining, new.expired, new.amount, new.account_id, new.expires_at))
    execute function points_refuse();
create trigger points_lot_empty before insert on points_lot
    for each row when (new.remaining <> 0 or new.expired <> 0) execute function points_refuse();

insert into points_account (id, kind, holder)
select substr(encode(sha256(convert_to(kind || ':' || drawer, 'UTF8')), 'hex'), 1, 32)::uuid, kind, drawer
from unnest(array['issuance', 'expired', 'clawed_back']) kind, (select generate_series(0, 31)::text as drawer) drawers;

-- Who takes part: known to others by a code, and by a nickname where they are listed.
create table volunteer (
    holder text primary key,
    code text not null unique,
    nickname text not null,
    listed boolean not null,
    skills text[] not null,
    joined_at timestamptz not null
);

-- Two who name each other are family.
create table volunteer_relative (
    holder text not null references volunteer (holder),
    relative text not null references volunteer (holder),
    at timestamptz not null,
    primary key (holder, relative),
    check (holder <> relative)
);

create table volunteer_group (
    id uuid primary key,
    name text not null unique,
    founder text not null references volunteer (holder),
    created_at timestamptz not null
);

create table volunteer_group_member (
    group_id uuid not null references volunteer_group (id),
    holder text not null references volunteer (holder),
    at timestamptz not null,
    primary key (group_id, holder)
);
create index volunteer_group_of on volunteer_group_member (holder);

-- Which device (keyed hash of an id the app made up) an account was seen on.
create table points_device (
    device bytea not null,
    holder text not null,
    seen_at timestamptz not null,
    primary key (device, holder)
);
create index points_device_holder on points_device (holder);

create table points_award (
    id uuid primary key,
    holder text not null,
    amount bigint not null check (amount > 0),
    reason text not null,
    state text not null check (state in ('proposed', 'approved', 'refused')),
    proposed_by text not null,
    proposed_at timestamptz not null,
    decided_by text check (decided_by <> proposed_by),
    decided_at timestamptz
);
create index points_award_open on points_award (id) where state = 'proposed';

create table points_false_report (
    report_id uuid primary key,
    reason text not null,
    declared_by text not null,
    at timestamptz not null
);

create table volunteer_task (
    id uuid primary key,
    organizer text not null,
    organizer_name text not null,
    title text not null,
    description text not null,
    place text not null,
    lat double precision not null,
    lon double precision not null,
    radius_m int not null check (radius_m > 0),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    capacity int not null check (capacity > 0),
    skills text[] not null,
    points_per_hour int not null check (points_per_hour >= 0),
    cancelled_at timestamptz,
    created_at timestamptz not null
);
create index volunteer_task_time on volunteer_task (starts_at, id);
create index volunteer_task_organizer on volunteer_task (organizer, id);

create table volunteer_attendance (
    id uuid primary key,
    task_id uuid not null references volunteer_task (id),
    holder text not null references volunteer (holder),
    state text not null check (state in ('signed_up', 'waiting', 'withdrawn', 'present', 'left', 'approved', 'refused')),
    place_in_line bigint not null,
    checked_in_at timestamptz,
    checked_out_at timestamptz,
    minutes int not null default 0 check (minutes >= 0),
    decided_by text,
    reason text not null default '',
    unique (task_id, holder)
);
create index volunteer_attendance_holder on volunteer_attendance (holder, id);

create table volunteer_certificate (
    number text primary key,
    holder text not null references volunteer (holder),
    document jsonb not null,
    issued_at timestamptz not null
);

create table points_merchant (
    id uuid primary key,
    name text not null unique,
    place text not null,
    members text[] not null,
    created_at timestamptz not null
);
create index points_merchant_members on points_merchant using gin (members);

create table points_reward (
    id uuid primary key,
    merchant_id uuid not null references points_merchant (id),
    title text not null,
    description text not null,
    photos uuid[] not null,
    price bigint not null check (price > 0),
    per_person int not null check (per_person > 0),
    valid_hours int not null check (valid_hours > 0),
    opens_at timestamptz not null,
    closes_at timestamptz not null check (closes_at > opens_at),
    created_at timestamptz not null
);
create index points_reward_time on points_reward (closes_at, id);

-- Apart from the reward: this row is hot when many press at once, and is locked last.
create table points_stock (
    reward_id uuid primary key references points_reward (id),
    total int not null check (total >= 0),
    remaining int not null check (remaining between 0 and total)
) with (fillfactor = 10);

create table points_redemption (
    id uuid primary key,
    reward_id uuid not null references points_reward (id),
    merchant_id uuid not null references points_merchant (id),
    holder text not null,
    price bigint not null check (price > 0),
    state text not null check (state in ('reserved', 'settled', 'cancelled', 'expired')),
    code_hash bytea not null unique,
    code_sealed bytea not null,
    created_at timestamptz not null,
    valid_until timestamptz not null,
    ended_at timestamptz,
    ended_by text,
    check ((state = 'reserved') = (ended_at is null))
) with (fillfactor = 80);
create index points_redemption_holder on points_redemption (holder, reward_id);
create index points_redemption_reward on points_redemption (reward_id);
create index points_redemption_open on points_redemption (valid_until) where state = 'reserved';
create index points_redemption_settled on points_redemption (merchant_id, ended_at) where state = 'settled';

-- migrate: rollback

drop table points_redemption, points_stock, points_reward, points_merchant;
drop table volunteer_certificate, volunteer_attendance, volunteer_task;
drop table points_false_report, points_award, points_device;
drop table volunteer_group_member, volunteer_group, volunteer_relative, volunteer;
drop table points_lot, points_entry, points_transfer, points_account;
drop function points_refuse();
drop function points_book();
