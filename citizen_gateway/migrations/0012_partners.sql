-- partners: keys with scopes of their own, limits and addresses of clients, the sandbox, webhooks
-- depends: 0007_satisfaction

-- migrate: apply

-- What a client is held to. No addresses: it may call from anywhere. No limits: those of the settings.
alter table api_client
    add column addresses text[] not null default '{}',
    add column burst int,
    add column per_hour int,
    add column sandbox boolean not null default false;

-- A token of OAuth 2 may open less than its client may; null: all of it.
alter table credential add column scopes text[];
create index credential_hint on credential (hint);

-- The sandbox has tables of its own, made after those here (platform.sandbox). This one is asked for at each sign-in,
-- so it is always there.
create schema sandbox;
create table sandbox.credential (like credential including all);

-- Where a client wants events sent. `xid` and `seq` are its place in the event log.
create table webhook_endpoint (
    id uuid primary key,
    client_id uuid not null references api_client (id),
    url text not null,
    types text[],
    description text not null,
    state text not null check (state in ('active', 'paused')),
    paused_because text,
    failing_since timestamptz,
    xid xid8 not null,
    seq bigint not null,
    created_at timestamptz not null
);
create index webhook_endpoint_client on webhook_endpoint (client_id);

-- Several secrets sign at once while one replaces another.
create table webhook_secret (
    endpoint_id uuid not null references webhook_endpoint (id) on delete cascade,
    sealed bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz
);
create index webhook_secret_endpoint on webhook_secret (endpoint_id);

-- One message to one endpoint; the body names citizens and is sealed.
create table webhook_delivery (
    id uuid primary key,
    endpoint_id uuid not null references webhook_endpoint (id) on delete cascade,
    event_id uuid not null,
    type text not null,
    body bytea not null,
    state text not null check (state in ('pending', 'delivered', 'dead')),
    attempts int not null default 0,
    driven_from int not null default 0, -- how many attempts it had when it was last driven again
    due_at timestamptz not null,
    taken_until timestamptz,
    delivered_at timestamptz,
    created_at timestamptz not null,
    unique (endpoint_id, event_id)
);
create index webhook_delivery_due on webhook_delivery (endpoint_id, due_at) where state = 'pending';
create index webhook_delivery_endpoint on webhook_delivery (endpoint_id, id);

-- What came of each attempt; `answer` is the beginning of what the receiver said.
create table webhook_attempt (
    delivery_id uuid not null references webhook_delivery (id) on delete cascade,
    number int not null,
    at timestamptz not null,
    status int,
    error text,
    took_ms int not null,
    answer text not null,
    primary key (delivery_id, number)
);

-- migrate: rollback

drop table webhook_attempt;
drop table webhook_delivery;
drop table webhook_secret;
drop table webhook_endpoint;
drop schema sandbox cascade;
drop index credential_hint;
alter table credential drop column scopes;
alter table api_client drop column addresses, drop column burst, drop column per_hour, drop column sandbox;
