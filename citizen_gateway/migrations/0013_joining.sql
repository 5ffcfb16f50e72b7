-- same event, one ticket: what open tickets are about, and what a person is asked
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

-- migrate: rollback

drop table join_suggestion;
drop table joinable;
