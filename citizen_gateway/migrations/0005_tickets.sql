-- tickets: what the city does about a report
-- depends: 0002_city 0003_accounts

-- migrate: apply

create table ticket (
    id uuid primary key,
    number text not null unique,
    state text not null,
    version int not null,
    head_hash bytea not null,
    title text not null,
    category text,
    area text,
    area_path text[] not null,
    lat double precision,
    lon double precision,
    department text,
    emergency boolean not null,
    with_photo boolean not null,
    dispatch jsonb not null,
    opened_at timestamptz not null,
    assigned_at timestamptz,
    accept_due timestamptz,
    resolve_due timestamptz,
    resolved_at timestamptz,
    closed_at timestamptz,
    reply text,
    after_photos uuid[] not null default '{}',
    assisting text[] not null default '{}'
);
create index ticket_queue on ticket (department, state, id);
create index ticket_assisting on ticket using gin (assisting) where assisting <> '{}';
create index ticket_state on ticket (state, id);

-- Who may watch a ticket without being staff: by their own session, or by the secret on their receipt.
create table ticket_follower (
    ticket_id uuid not null,
    secret_hash bytea not null,
    actors text[] not null,
    since timestamptz not null,
    primary key (ticket_id, secret_hash)
);

-- migrate: rollback

drop table ticket_follower;
drop table ticket;
