-- figures from events: a read model that can be made anew at any time
-- depends: 0007_satisfaction

-- migrate: apply

-- A ticket as its events tell it (citizen_gateway/insights/folding.py).
create table insight_case (
    ticket_id uuid primary key,
    opened_at timestamptz not null,
    state text not null,
    category text,
    area text,
    areas text[] not null,
    channel text,
    emergency boolean not null,
    department text,
    before text,
    accept_due timestamptz,
    resolve_due timestamptz,
    ended_at timestamptz,
    reports int not null,
    urged int not null,
    supervised text,
    excluded boolean not null,
    exclusion text,
    excluded_by uuid,
    excluded_at timestamptz
);
create index insight_case_opened on insight_case (opened_at);
create index insight_case_excluded on insight_case (excluded_at desc) where excluded;
create index insight_case_due on insight_case (resolve_due) where resolve_due is not null;
create index insight_case_accept_due on insight_case (accept_due) where accept_due is not null;

-- One department's time with a ticket; durations in seconds.
create table insight_turn (
    ticket_id uuid not null,
    number int not null,
    department text not null,
    cause text not null,
    began_at timestamptz not null,
    accept_due timestamptz not null,
    resolve_due timestamptz not null,
    accepted_at timestamptz,
    resolved_at timestamptz,
    ended_at timestamptz,
    ended text,
    return_code text,
    accept_overdue_at timestamptz,
    resolve_overdue_at timestamptz,
    paused_at timestamptz,
    paused int not null,
    paused_working int not null,
    acceptance int,
    acceptance_working int,
    handling int,
    handling_working int,
    waiting int,
    waiting_working int,
    votes int not null,
    denials int not null,
    primary key (ticket_id, number)
);
create index insight_turn_accepted on insight_turn (accepted_at);
create index insight_turn_resolved on insight_turn (resolved_at);
create index insight_turn_returned on insight_turn (ended_at) where ended = 'returned';
create index insight_turn_reopened on insight_turn (began_at) where cause = 'reopened';
create index insight_turn_accept_overdue on insight_turn (accept_overdue_at) where accept_overdue_at is not null;
create index insight_turn_resolve_overdue on insight_turn (resolve_overdue_at) where resolve_overdue_at is not null;

create table insight_vote (
    ticket_id uuid not null,
    number int not null,
    at timestamptz not null,
    department text,
    contacted boolean not null,
    solved text not null,
    satisfied int not null,
    primary key (ticket_id, number)
);
create index insight_vote_at on insight_vote (at);

-- What each center was told in the morning of a day. A day's briefings are asked for once, by whoever is first.
create table insight_morning (
    day date primary key,
    asked_at timestamptz not null
);
create table insight_briefing (
    center text not null,
    day date not null,
    made_at timestamptz not null,
    content jsonb not null,
    primary key (center, day)
);

-- Every set of duty rules that was ever loaded, so that an old dispatch can be explained and rules compared.
create table city_rule_set (
    fingerprint text primary key,
    version text not null,
    rules jsonb not null,
    loaded_at timestamptz not null default now()
);

-- migrate: rollback

drop table city_rule_set;
drop table insight_briefing;
drop table insight_morning;
drop table insight_vote;
drop table insight_turn;
drop table insight_case;
