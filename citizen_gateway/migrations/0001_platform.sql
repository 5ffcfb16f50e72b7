-- events, their readers, idempotency
-- depends:

-- migrate: apply

create sequence event_seq as bigint cache 1;

-- One row per change of anything, never updated. `id` is a UUIDv7, so its order is time and its ranges are months.
create table event (
    id uuid not null,
    xid xid8 not null default pg_current_xact_id(),
    seq bigint not null default nextval('event_seq'),
    stream uuid not null,
    version int not null,
    type text not null,
    at timestamptz not null,
    actor_kind text not null,
    actor_id uuid,
    public boolean not null,
    data jsonb not null,
    previous_hash bytea not null,
    hash bytea not null,
    primary key (id)
) partition by range (id);

create table event_rest partition of event default;
create index event_feed on event (xid, seq);
create index event_stream on event (stream, version);

create table event_reader (
    name text primary key,
    xid xid8 not null default '0',
    seq bigint not null default 0
);

-- What an unsafe call answered under its Idempotency-Key, so that its repetition answers the same.
create table idempotency (
    owner text not null,
    key text not null,
    fingerprint bytea not null,
    status int not null,
    body bytea not null,
    at timestamptz not null,
    primary key (owner, key)
);
create index idempotency_at on idempotency using brin (at);

-- migrate: rollback

drop table idempotency;
drop table event_reader;
drop table event;
drop sequence event_seq;
