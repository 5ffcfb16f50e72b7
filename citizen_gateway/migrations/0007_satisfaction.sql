-- invitations to rate, and the ratings
-- depends: 0006_intake

-- migrate: apply

create table invitation (
    id uuid primary key,
    report_id uuid not null unique,
    ticket_id uuid not null,
    citizen_id uuid,
    invited_at timestamptz not null,
    expires_at timestamptz not null
);
create index invitation_ticket on invitation (ticket_id);

create table rating (
    invitation_id uuid primary key references invitation (id),
    report_id uuid not null unique,
    ticket_id uuid not null,
    contacted boolean not null,
    solved text not null,
    satisfied int not null check (satisfied between 1 and 5),
    tags text[] not null,
    comment text not null,
    rated_at timestamptz not null
);
create index rating_ticket on rating (ticket_id);

-- migrate: rollback

drop table rating;
drop table invitation;
