-- reports: what a citizen said, never changed afterwards
-- depends: 0005_tickets

-- migrate: apply

create table report (
    id uuid not null,
    ticket_id uuid not null,
    citizen_id uuid,
    author text not null, -- the actor who sent it: the citizen, or who did so for them
    channel text not null,
    title text not null,
    text text not null,
    photos uuid[] not null,
    lat double precision,
    lon double precision,
    place text not null,
    area text,
    category text,
    analysis jsonb not null,
    created_at timestamptz not null,
    primary key (id)
) partition by range (id);

create table report_rest partition of report default;
create index report_ticket on report (ticket_id);
create index report_citizen on report (citizen_id, id) where citizen_id is not null;
create index report_author on report (author, id) where author not like 'citizen:%';

-- migrate: rollback

drop table report;
