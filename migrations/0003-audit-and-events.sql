-- The end of each tenant's hash chain; locked while lines are appended, so that the chain has one order.
create table audit_head (
  tenant_id uuid primary key references tenant (id),
  sequence bigint not null,
  hash bytea not null
);
alter table audit_head enable row level security;
alter table audit_head force row level security;
create policy tenant_isolation on audit_head
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on audit_head to kizuna_app;

-- Append-only: the application may insert and read, nothing else.
create table audit_entry (
  tenant_id uuid not null references tenant (id),
  sequence bigint not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('member', 'api_key', 'system', 'person')),
  actor_id uuid,
  action text not null,
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  subject_kind text,
  subject_id uuid,
  details jsonb not null,
  request_id text not null,
  network text,
  hash bytea not null,
  primary key (tenant_id, sequence)
);
create index audit_entry_by_actor on audit_entry (tenant_id, actor_id, sequence desc);
create index audit_entry_by_action on audit_entry (tenant_id, action, sequence desc);
create index audit_entry_by_subject on audit_entry (tenant_id, subject_id, sequence desc);
create index audit_entry_by_time on audit_entry (tenant_id, at desc);
alter table audit_entry enable row level security;
alter table audit_entry force row level security;
create policy tenant_isolation on audit_entry
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on audit_entry to kizuna_app;

-- Domain events, written in the transaction that caused them. Partitions are made by month ahead of time.
create table event (
  tenant_id uuid not null references tenant (id),
  occurred_at timestamptz not null,
  id uuid not null,
  type text not null,
  subject_kind text,
  subject_id uuid,
  payload jsonb not null,
  primary key (tenant_id, occurred_at, id)
) partition by range (occurred_at);
create index event_by_subject on event (tenant_id, subject_id, occurred_at desc);
alter table event enable row level security;
alter table event force row level security;
create policy tenant_isolation on event
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on event to kizuna_app;
