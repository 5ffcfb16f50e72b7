-- same event, one ticket: what open tickets are about, what a person is asked; and a round of rating per resolution
-- depends: 0007_satisfaction

-- migrate: apply

-- One row per ticket that other reports may join, until it ends. `cell`, `community` and `phrase` are places in a family
-- of categories (citizen_gateway/intake/matching.py): each is one way in which a report nearby finds the row.
create table joinable (
    ticket_id uuid primary key,
    family text not null,
    cell text,
    community text,
    phrase text,
    lat double precision,
    lon double precision,
    voices jsonb not null,
    photos bigint[] not null,
    emergency boolean not null,
    reports int not null,
    opened_at timestamptz not null
);
create index joinable_cell on joinable (cell, opened_at) where cell is not null;
create index joinable_community on joinable (community, opened_at) where community is not null;
create index joinable_unpinned on joinable (community, opened_at) where cell is null and community is not null;
create index joinable_phrase on joinable (phrase, opened_at) where phrase is not null;

create table join_suggestion (
    ticket_id uuid not null,
    like_id uuid not null,
    score double precision not null,
    suggested_at timestamptz not null,
    judged_at timestamptz,
    same boolean,
    primary key (ticket_id, like_id)
);
create index join_suggestion_like on join_suggestion (like_id);

-- A report is invited once for each time its ticket is resolved: `resolution` is the version of the event that said so.
alter table invitation add column resolution int not null default 0;
update invitation set resolution = coalesce(
    (select max(version) from event where stream = ticket_id and type = 'ticket.resolved'), 0);
alter table invitation drop constraint invitation_report_id_key;
alter table invitation add constraint invitation_once unique (report_id, resolution);
alter table rating drop constraint rating_report_id_key;

-- Closed tickets whose reporters a center calls (回访): drawn by lot, or since they were unsatisfied twice.
create table follow_up (
    id uuid primary key,
    ticket_id uuid not null,
    resolution int not null,
    reason text not null,
    areas text[] not null,
    created_at timestamptz not null,
    done_at timestamptz,
    done_by uuid,
    result jsonb,
    unique (ticket_id, resolution)
);
create index follow_up_open on follow_up (id) where done_at is null;

-- migrate: rollback

drop table follow_up;
alter table rating add constraint rating_report_id_key unique (report_id);
alter table invitation drop constraint invitation_once;
alter table invitation add constraint invitation_report_id_key unique (report_id);
alter table invitation drop column resolution;

drop table join_suggestion;
drop table joinable;
