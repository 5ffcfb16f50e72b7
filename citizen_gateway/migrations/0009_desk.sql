-- the staff's desk: queues, search, saved filters, audit; citizens' consent and links; staff's passwords
-- depends: 0004_media 0008_ticket_life

-- migrate: apply

-- What a queue asks of a ticket: whether work is left, and by when the next step is due (when it came, without a clock).
alter table ticket
    add column is_open boolean not null generated always as (
        state in ('pending', 'assigned', 'accepted', 'in_progress', 'on_hold')
    ) stored,
    add column queue_at timestamptz not null generated always as (
        coalesce(
            case state
                when 'pending' then null
                when 'assigned' then least(accept_due, resolve_due)
                else resolve_due
            end,
            opened_at
        )
    ) stored;

create index ticket_open on ticket ((not emergency), queue_at, id) where is_open;
create index ticket_open_department on ticket (department, (not emergency), queue_at, id) where is_open;
create index ticket_open_areas on ticket using gin (area_path) where is_open;
create index ticket_pending on ticket ((not emergency), queue_at, id) where state = 'pending';
create index ticket_supervised on ticket ((not emergency), queue_at, id) where is_open and supervision is not null;
create index ticket_listed on ticket ((not emergency), id);
create index ticket_listed_state on ticket (state, (not emergency), id);
create index ticket_listed_department on ticket (department, (not emergency), id);

-- Who signed for a ticket or began its work, as long as their department holds it.
create table ticket_hand (
    ticket_id uuid primary key,
    actor text not null,
    since timestamptz not null
);
create index ticket_hand_actor on ticket_hand (actor);

-- The words of a ticket by which it is found: bigrams of what was said and answered, personal data masked.
create table ticket_words (
    ticket_id uuid primary key,
    version int not null, -- of the ticket, as far as its words are in here
    words tsvector not null
);
create index ticket_words_words on ticket_words using gin (words);

create table saved_filter (
    id uuid primary key,
    owner uuid not null,
    name text not null,
    conditions jsonb not null,
    created_at timestamptz not null,
    unique (owner, name)
);

-- Who did what with personal data or with somebody's rights, when, and why. Rows are only ever added.
create table audit (
    id uuid primary key,
    at timestamptz not null,
    actor_kind text not null,
    actor_id uuid,
    what text not null,
    purpose text not null,
    subject uuid,
    area_path text[] not null,
    details jsonb not null
);
create index audit_subject on audit (subject, id);
create index audit_actor on audit (actor_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are only ever added', tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function refuse_change();

create table consent (
    id uuid primary key,
    citizen_id uuid not null,
    policy text not null,
    version text not null,
    given boolean not null,
    at timestamptz not null
);
create index consent_citizen on consent (citizen_id, policy, id);

-- A short code by which two channels' accounts become one; known by its keyed hash, used once.
create table link_code (
    hash bytea primary key,
    citizen_id uuid not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index link_code_citizen on link_code (citizen_id);

alter table staff add column password text;

-- A person's data are found by the person.
create index ticket_follower_actors on ticket_follower using gin (actors);
create index invitation_citizen on invitation (citizen_id) where citizen_id is not null;
create index photo_viewers on photo using gin (viewers) where viewers <> '{}';

-- migrate: rollback

drop index photo_viewers, invitation_citizen, ticket_follower_actors;
alter table staff drop column password;
drop table link_code;
drop table consent;
drop table audit;
drop function refuse_change;
drop table saved_filter;
drop table ticket_words;
drop table ticket_hand;
drop index ticket_listed_department;
drop index ticket_listed_state;
drop index ticket_listed;
alter table ticket drop column queue_at, drop column is_open;
