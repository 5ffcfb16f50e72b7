-- Open311: what a GeoReport v2 client said beside a report
-- depends: 0006_intake

-- migrate: apply

create table open311_request (
    report_id uuid primary key,
    token text not null unique,
    media_url text not null,
    attributes jsonb not null
);

-- What a client told about a request under its own id, so that told again it is told once.
create table open311_update (
    author text not null,
    update_id text not null,
    report_id uuid not null,
    id uuid not null,
    primary key (author, update_id)
);

-- migrate: rollback

drop table open311_update;
drop table open311_request;
