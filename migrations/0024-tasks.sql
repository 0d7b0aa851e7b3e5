-- Work to do: by hand, by rules, by programs, by flows.
create table task (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  title text not null,
  description text,
  -- No foreign key to customers and members: they leave, the task stays.
  customer_id uuid,
  assignee_id uuid,
  due_on date,
  -- Minutes of the day in the company's time zone; without them the whole day is left.
  due_minute smallint check (due_minute between 0 and 1439),
  -- What follows from both, so that lists and jobs compare moments.
  due_at timestamptz,
  remind_at timestamptz,
  reminded_at timestamptz,
  priority text not null check (priority in ('low', 'medium', 'high', 'urgent')),
  -- 1 urgent to 4 low.
  rank smallint not null check (rank between 1 and 4),
  status text not null check (status in ('open', 'in_progress', 'waiting', 'done', 'cancelled')),
  -- Why it waits, or why it was cancelled.
  reason text,
  -- [{id, text, done}]
  checklist jsonb not null default '[]',
  -- {every, interval, weekdays, monthDay, until}
  recurrence jsonb,
  source text not null check (source in ('manual', 'rule', 'api', 'lead', 'churn', 'flow')),
  -- What makes that the same cause makes one task.
  source_key text,
  -- Days late after which a lead is told; without it the company's setting counts.
  escalate_days smallint check (escalate_days between 0 and 90),
  escalated_at timestamptz,
  -- The bulk creation that it came from.
  batch_id uuid,
  created_by uuid,
  done_by uuid,
  done_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id)
);
create unique index task_by_cause on task (tenant_id, source, source_key) where source_key is not null;
create index task_by_assignee on task (tenant_id, assignee_id, due_at) where status in ('open', 'in_progress', 'waiting');
-- As lists read it: what has no due time comes last.
create index task_active on task (tenant_id, coalesce(due_at, 'infinity'::timestamptz), rank, id)
  where status in ('open', 'in_progress', 'waiting');
create index task_to_remind on task (tenant_id, remind_at)
  where reminded_at is null and status in ('open', 'in_progress', 'waiting');
create index task_to_escalate on task (tenant_id, due_at)
  where escalated_at is null and status in ('open', 'in_progress', 'waiting');
create index task_by_customer on task (tenant_id, customer_id);
create index task_by_change on task (tenant_id, updated_at, id);
create index task_by_batch on task (tenant_id, batch_id) where batch_id is not null;
alter table task enable row level security;
alter table task force row level security;
create policy tenant_isolation on task
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on task to kizuna_app;

-- Records that a task is about, beside its customer.
create table task_link (
  tenant_id uuid not null,
  task_id uuid not null,
  kind text not null check (kind in ('contact', 'contract', 'ticket', 'alert', 'milestone')),
  record_id uuid not null,
  primary key (tenant_id, task_id, kind, record_id),
  foreign key (tenant_id, task_id) references task (tenant_id, id) on delete cascade
);
create index task_link_by_record on task_link (tenant_id, record_id);
alter table task_link enable row level security;
alter table task_link force row level security;
create policy tenant_isolation on task_link
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on task_link to kizuna_app;

-- What became of a task, and what colleagues say about it.
create table task_step (
  tenant_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  at timestamptz not null,
  kind text not null check (kind in ('created', 'changed', 'comment', 'reminded', 'escalated', 'undone')),
  actor_id uuid,
  actor_kind text not null,
  note text,
  -- {from: {field: value}, to: {field: value}}
  details jsonb not null default '{}',
  -- The bulk change that it was part of.
  batch_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, task_id) references task (tenant_id, id) on delete cascade
);
create index task_step_by_task on task_step (tenant_id, task_id, at, id);
create index task_step_by_batch on task_step (tenant_id, batch_id) where batch_id is not null;
alter table task_step enable row level security;
alter table task_step force row level security;
create policy tenant_isolation on task_step
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on task_step to kizuna_app;

-- To whom of a team or a role a task was given last.
create table task_turn (
  tenant_id uuid not null references tenant (id),
  -- team:<id> or role:<role>.
  key text not null,
  last_member_id uuid,
  primary key (tenant_id, key)
);
alter table task_turn enable row level security;
alter table task_turn force row level security;
create policy tenant_isolation on task_turn
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on task_turn to kizuna_app;

-- Which rules make tasks, and when a lead is told. No row: as the product has it.
create table task_settings (
  tenant_id uuid not null references tenant (id),
  lead_hot boolean not null,
  customer_churned boolean not null,
  -- Without it nobody is told.
  escalate_days smallint check (escalate_days between 0 and 90),
  updated_at timestamptz not null,
  primary key (tenant_id)
);
alter table task_settings enable row level security;
alter table task_settings force row level security;
create policy tenant_isolation on task_settings
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on task_settings to kizuna_app;

-- Addresses by which a calendar reads the tasks of a member, without a sign-in.
create table task_calendar (
  tenant_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  name text not null,
  token_hash bytea not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, member_id) references member (tenant_id, id) on delete cascade
);
create index task_calendar_by_member on task_calendar (tenant_id, member_id);
alter table task_calendar enable row level security;
alter table task_calendar force row level security;
create policy tenant_isolation on task_calendar
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on task_calendar to kizuna_app;
