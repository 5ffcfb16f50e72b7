-- turns and votes know what their ticket is told apart by, so that figures are counted without it
-- depends: 0010_insights

-- migrate: apply

alter table insight_turn
    add column areas text[], add column category text, add column channel text, add column excluded boolean;
update insight_turn f set areas = c.areas, category = c.category, channel = c.channel, excluded = c.excluded
    from insight_case c where c.ticket_id = f.ticket_id;
alter table insight_turn alter column areas set not null, alter column excluded set not null;

alter table insight_vote
    add column areas text[], add column category text, add column channel text, add column excluded boolean;
update insight_vote f set areas = c.areas, category = c.category, channel = c.channel, excluded = c.excluded
    from insight_case c where c.ticket_id = f.ticket_id;
alter table insight_vote alter column areas set not null, alter column excluded set not null;

create index insight_case_open on insight_case (state)
    where state in ('pending', 'assigned', 'accepted', 'in_progress', 'on_hold', 'resolved');
create index insight_turn_late on insight_turn (resolved_at) include (department, resolve_overdue_at, areas);

-- migrate: rollback

drop index insight_turn_late;
drop index insight_case_open;
alter table insight_vote drop column areas, drop column category, drop column channel, drop column excluded;
alter table insight_turn drop column areas, drop column category, drop column channel, drop column excluded;
