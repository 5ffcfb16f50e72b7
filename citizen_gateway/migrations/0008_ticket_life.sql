-- the whole life of a ticket: returns, calls for help, meetings, pauses, supervision, mergers
-- depends: 0007_satisfaction

-- migrate: apply

-- What a ticket's events add up to (citizen_gateway/tickets/history.py); `next_check` is when its clocks are looked at.
alter table ticket
    add column around_the_clock boolean not null default false,
    add column reports uuid[] not null default '{}',
    add column returns int not null default 0,
    add column arbitrated boolean not null default false,
    add column calls jsonb not null default '[]',
    add column pause jsonb,
    add column hold_wish jsonb,
    add column extension_wish jsonb,
    add column supervision text,
    add column meeting jsonb,
    add column reopened int not null default 0,
    add column reopened_unsatisfied boolean not null default false,
    add column merger jsonb,
    add column next_check timestamptz;

update ticket set
    around_the_clock = emergency,
    reports = array(select id from report where report.ticket_id = ticket.id order by id);

create index ticket_meeting on ticket ((meeting->>'meets_on'), id) where meeting is not null;

-- A follower with a report is its reporter. `via` is the ticket whose merger or splitting brought them here.
alter table ticket_follower
    add column report_id uuid,
    add column urged_at timestamptz,
    add column via uuid;

update ticket_follower set report_id = report.id from report where report.ticket_id = ticket_follower.ticket_id;

-- migrate: rollback

alter table ticket_follower drop column report_id, drop column urged_at, drop column via;
drop index ticket_meeting;
alter table ticket
    drop column around_the_clock, drop column reports, drop column returns, drop column arbitrated, drop column calls,
    drop column pause, drop column hold_wish, drop column extension_wish, drop column supervision, drop column meeting,
    drop column reopened, drop column reopened_unsatisfied, drop column merger, drop column next_check;
