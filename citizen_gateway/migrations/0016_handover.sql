-- hand-over of a case between channels, and the numbers partners' own systems have for it
-- depends: 0006_intake

-- migrate: apply

-- What a partner's system calls a report; each client's numbers are its own.
create table external_reference (
    client_id uuid not null,
    reference text not null,
    report_id uuid not null,
    primary key (client_id, reference)
);
create unique index external_reference_report on external_reference (report_id, client_id);

create table handover (
    id uuid primary key,
    report_id uuid not null,
    from_client uuid not null,
    from_channel text not null,
    to_client uuid,
    to_channel text not null,
    state text not null,
    reason text not null,
    answer text,
    offered_at timestamptz not null,
    sign_due timestamptz not null,
    answered_at timestamptz
);
create unique index handover_open on handover (report_id) where state = 'offered';
create index handover_to on handover (to_channel, id);
create index handover_from on handover (from_client, id);
create index handover_report on handover (report_id, id);

-- migrate: rollback

drop table handover;
drop table external_reference;
