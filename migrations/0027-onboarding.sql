-- Journeys of new customers: templates with versions, journeys that run, their phases, tasks, warnings and history.
create table onboarding_template (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  name_ja text not null,
  name_en text not null,
  state text not null check (state in ('enabled', 'archived')),
  version integer not null check (version > 0),
  -- {on, segmentId, condition}; without it journeys are started by hand.
  starts jsonb,
  -- What happened before the rule was switched on starts nothing.
  starts_since timestamptz,
  -- Why its conditions could not be judged the last time.
  fault text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table onboarding_template enable row level security;
alter table onboarding_template force row level security;
create policy tenant_isolation on onboarding_template
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on onboarding_template to kizuna_app;

-- What a template said; running journeys stay on the version that they began with.
create table onboarding_template_version (
  tenant_id uuid not null,
  template_id uuid not null,
  version integer not null,
  definition jsonb not null,
  created_by uuid,
  created_at timestamptz not null,
  primary key (tenant_id, template_id, version),
  foreign key (tenant_id, template_id) references onboarding_template (tenant_id, id) on delete cascade
);
alter table onboarding_template_version enable row level security;
alter table onboarding_template_version force row level security;
create policy tenant_isolation on onboarding_template_version
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on onboarding_template_version to kizuna_app;

create table onboarding_journey (
  tenant_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  version integer not null,
  customer_id uuid not null,
  starts_on date not null,
  -- Days of the whole journey, and days in which it was paused.
  days integer not null check (days > 0),
  paused_days integer not null default 0 check (paused_days >= 0),
  paused_on date,
  status text not null check (status in ('running', 'paused', 'completed', 'cancelled')),
  state text not null check (state in ('on_track', 'behind', 'stuck')),
  state_since date not null,
  phase text not null,
  tasks_all integer not null default 0,
  tasks_done integer not null default 0,
  -- Required tasks that are past their day.
  tasks_late integer not null default 0,
  -- Percent of its tasks that are done.
  progress real not null default 0,
  expected_on date not null,
  -- The last day on which a task was done.
  progressed_on date,
  -- The first day on which the customer had what the template calls value.
  value_on date,
  ended_on date,
  -- Why it was paused, cancelled, or completed before its time.
  reason text,
  -- {role: member}
  people jsonb not null default '{}',
  handed_over_to uuid,
  started_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  -- Once per customer and template.
  unique (tenant_id, template_id, customer_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, template_id, version) references onboarding_template_version (tenant_id, template_id, version)
);
create index onboarding_journey_by_customer on onboarding_journey (tenant_id, customer_id);
create index onboarding_journey_by_version on onboarding_journey (tenant_id, template_id, version);
create index onboarding_journey_by_status on onboarding_journey (tenant_id, status, expected_on, id);
alter table onboarding_journey enable row level security;
alter table onboarding_journey force row level security;
create policy tenant_isolation on onboarding_journey
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on onboarding_journey to kizuna_app;

create table onboarding_phase (
  tenant_id uuid not null,
  journey_id uuid not null,
  key text not null,
  place smallint not null,
  from_on date not null,
  to_on date not null,
  -- Percent of its tasks that have to be done.
  share real not null,
  entered_on date,
  left_on date,
  primary key (tenant_id, journey_id, key),
  foreign key (tenant_id, journey_id) references onboarding_journey (tenant_id, id) on delete cascade
);
alter table onboarding_phase enable row level security;
alter table onboarding_phase force row level security;
create policy tenant_isolation on onboarding_phase
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on onboarding_phase to kizuna_app;

create table onboarding_task (
  tenant_id uuid not null,
  journey_id uuid not null,
  key text not null,
  place smallint not null,
  phase text not null,
  role text not null,
  due_on date not null,
  required boolean not null,
  shared boolean not null,
  training boolean not null,
  done_on date,
  done_at timestamptz,
  done_how text check (done_how in ('data', 'person', 'customer')),
  done_by uuid,
  -- The task of a colleague that stands for it. No foreign key: tasks are deleted, the journey stays.
  task_id uuid,
  primary key (tenant_id, journey_id, key),
  foreign key (tenant_id, journey_id) references onboarding_journey (tenant_id, id) on delete cascade
);
create index onboarding_task_by_task on onboarding_task (tenant_id, task_id) where task_id is not null;
alter table onboarding_task enable row level security;
alter table onboarding_task force row level security;
create policy tenant_isolation on onboarding_task
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on onboarding_task to kizuna_app;

-- Early warnings that were given: each once per journey.
create table onboarding_warning (
  tenant_id uuid not null,
  journey_id uuid not null,
  key text not null,
  warned_at timestamptz not null,
  task_id uuid,
  primary key (tenant_id, journey_id, key),
  foreign key (tenant_id, journey_id) references onboarding_journey (tenant_id, id) on delete cascade
);
alter table onboarding_warning enable row level security;
alter table onboarding_warning force row level security;
create policy tenant_isolation on onboarding_warning
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on onboarding_warning to kizuna_app;

-- What became of a journey.
create table onboarding_step (
  tenant_id uuid not null,
  id uuid not null,
  journey_id uuid not null,
  at timestamptz not null,
  kind text not null,
  actor_id uuid,
  actor_kind text not null,
  -- The phase, task, state or warning that it is about.
  subject text,
  note text,
  primary key (tenant_id, id),
  foreign key (tenant_id, journey_id) references onboarding_journey (tenant_id, id) on delete cascade
);
create index onboarding_step_by_journey on onboarding_step (tenant_id, journey_id, at, id);
alter table onboarding_step enable row level security;
alter table onboarding_step force row level security;
create policy tenant_isolation on onboarding_step
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on onboarding_step to kizuna_app;

-- Addresses by which a customer sees its own tasks, without a sign-in.
create table onboarding_link (
  tenant_id uuid not null,
  id uuid not null,
  journey_id uuid not null,
  token_hash bytea not null,
  -- With an address a code is asked for, which is sent there.
  email text,
  code_hash bytea,
  code_sent_at timestamptz,
  code_attempts smallint not null default 0,
  session_hash bytea,
  session_until timestamptz,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_by uuid,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, journey_id) references onboarding_journey (tenant_id, id) on delete cascade
);
create index onboarding_link_by_journey on onboarding_link (tenant_id, journey_id);
alter table onboarding_link enable row level security;
alter table onboarding_link force row level security;
create policy tenant_isolation on onboarding_link
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on onboarding_link to kizuna_app;
