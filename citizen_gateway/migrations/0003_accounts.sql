-- citizens, staff, partners' clients and their credentials
-- depends: 0001_platform

-- migrate: apply

create table citizen (
    id uuid primary key,
    locale text,
    created_at timestamptz not null
);

-- How a channel knows a citizen. The id itself is sealed; it is found again by its keyed hash.
create table identity (
    channel text not null,
    subject_hash bytea not null,
    subject_sealed bytea not null,
    citizen_id uuid not null references citizen (id),
    created_at timestamptz not null,
    primary key (channel, subject_hash)
);
create index identity_citizen on identity (citizen_id);

create table staff (
    id uuid primary key,
    login text not null unique,
    name text not null,
    active boolean not null default true,
    created_at timestamptz not null
);

create table staff_grant (
    staff_id uuid not null references staff (id),
    role text not null,
    department text,
    area text,
    unique nulls not distinct (staff_id, role, department, area)
);

create table api_client (
    id uuid primary key,
    name text not null unique,
    channel text not null,
    scopes text[] not null,
    departments text[] not null,
    active boolean not null default true,
    created_at timestamptz not null
);

-- A bearer secret, known by its hash alone. `hint` are its first signs, to recognise it in a list.
create table credential (
    hash bytea primary key,
    hint text not null,
    kind text not null check (kind in ('citizen', 'staff', 'client')),
    owner uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
);
create index credential_owner on credential (owner);

-- migrate: rollback

drop table credential;
drop table api_client;
drop table staff_grant;
drop table staff;
drop table identity;
drop table citizen;
