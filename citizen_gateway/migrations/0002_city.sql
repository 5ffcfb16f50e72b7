-- city pack
-- depends: 0001_platform

-- migrate: apply

-- The one pack this city runs on; `settings` is what concerns the city as a whole, `fingerprint` a hash of its files.
create table city_pack (
    singleton boolean primary key default true check (singleton),
    name text not null,
    version text not null,
    fingerprint text not null,
    settings jsonb not null,
    loaded_at timestamptz not null default now()
);

create table city_category (
    position int not null,
    code text primary key,
    "group" text not null,
    name text not null,
    name_en text not null,
    kind text not null,
    lead text not null,
    accept_minutes int not null,
    resolve_working_hours float8 not null,
    definition text not null,
    emergency boolean not null
);

create table city_department (
    position int not null,
    code text primary key,
    name text not null,
    name_en text not null,
    kind text not null,
    area text,
    parent text
);

create table city_duty_rule (
    position int not null,
    id text primary key,
    categories text[] not null,
    basis text not null,
    level text not null,
    departments text[] not null,
    reason jsonb not null,
    within text[] not null
);

-- `boundary` is WKB in WGS-84, `layer` what the polygon is asked for (citizen_gateway/city/directory.py). Nothing refers
-- to these tables by foreign key: a pack is replaced as a whole while tickets keep the codes they were given.
create table city_area (
    code text collate "C" primary key,
    parent text,
    level text not null,
    name text not null,
    synthetic boolean not null,
    zone text,
    department text,
    lat float8 not null,
    lon float8 not null,
    layer smallint not null,
    boundary bytea
);

create index city_area_parent on city_area (parent);

-- migrate: rollback

drop table city_area, city_duty_rule, city_department, city_category, city_pack;
