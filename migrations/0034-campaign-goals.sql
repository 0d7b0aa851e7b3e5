-- What a campaign is to lead to: {condition, withinDays}; null: nothing is measured.
alter table campaign add column goal jsonb;
create index campaign_measured on campaign (tenant_id, started_at) where goal is not null and started_at is not null;
-- Whoever met the goal before the message was sent does not convert by it.
alter table message add column goal_before boolean not null default false;
