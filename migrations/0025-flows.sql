-- Flows: what brings customers and contacts in, and the steps that they are led through.
create table flow (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- Name in blueprints; stays when the flow is renamed.
  key text not null check (key ~ '^[a-z0-9][a-z0-9_-]{0,60}$'),
  name_ja text not null,
  name_en text not null,
  description text not null default '',
  kind text not null check (kind in ('playbook', 'onboarding', 'campaign', 'intervention', 'upsell', 'win_back', 'other')),
  state text not null check (state in ('draft', 'enabled', 'paused', 'archived')),
  -- The draft; what runs is in its versions.
  draft jsonb not null,
  -- Of the published version: number, and what is looked at often.
  version integer,
  subject text not null check (subject in ('customer', 'contact')),
  priority smallint not null check (priority between 1 and 9),
  -- What its triggers are worked out from (FactKind), so that it is known when to look again.
  facts text[] not null default '{}',
  -- Since when it takes in what happens: what happened before does not start it.
  enabled_at timestamptz,
  -- When all of its triggers were last looked at: what was written down since then may still start it.
  followed_at timestamptz,
  -- The next time of its schedule.
  cron_at timestamptz,
  -- Of the secret address that programs call.
  hook_hash bytea,
  -- Why its triggers cannot be worked out: {ja, en}.
  fault jsonb,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table flow enable row level security;
alter table flow force row level security;
create policy tenant_isolation on flow
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on flow to kizuna_app;

-- What was published: never changed.
create table flow_version (
  tenant_id uuid not null,
  flow_id uuid not null,
  number integer not null,
  document jsonb not null,
  published_by uuid,
  published_at timestamptz not null,
  primary key (tenant_id, flow_id, number),
  foreign key (tenant_id, flow_id) references flow (tenant_id, id)
);
alter table flow_version enable row level security;
alter table flow_version force row level security;
create policy tenant_isolation on flow_version
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on flow_version to kizuna_app;

-- For whom a trigger of a flow holds: who is new in it comes in.
create table flow_match (
  tenant_id uuid not null,
  flow_id uuid not null,
  -- Digest of the trigger.
  trigger text not null,
  subject_id uuid not null,
  primary key (tenant_id, flow_id, trigger, subject_id),
  foreign key (tenant_id, flow_id) references flow (tenant_id, id) on delete cascade
);
alter table flow_match enable row level security;
alter table flow_match force row level security;
create policy tenant_isolation on flow_match
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on flow_match to kizuna_app;

-- Who is or was in a flow. No foreign keys to the record: they are merged and leave, what was stays.
create table flow_enrolment (
  tenant_id uuid not null,
  id uuid not null,
  flow_id uuid not null,
  version integer not null,
  -- The customer or contact, and the customer where there is one.
  subject_id uuid not null,
  customer_id uuid,
  state text not null check (state in ('active', 'paused', 'failed', 'ended', 'holdout')),
  -- Key of the step where it is, and the number of the visit: both together are what an effect happens once for.
  step text,
  visit integer not null default 0,
  arrived_at timestamptz not null,
  -- When it is to be looked at next.
  due_at timestamptz,
  -- It has begun to wait at the step: for a time, a condition, or an answer.
  waits_for text check (waits_for in ('time', 'condition', 'answer')),
  cause text not null,
  -- The same cause brings the same subject in once.
  cause_key text not null,
  entered_at timestamptz not null,
  ended_at timestamptz,
  reason text,
  goal_at timestamptz,
  attempts smallint not null default 0,
  fault text,
  primary key (tenant_id, id),
  unique (tenant_id, flow_id, subject_id, cause_key),
  foreign key (tenant_id, flow_id) references flow (tenant_id, id)
);
-- Nobody is in a flow twice at a time.
create unique index flow_enrolment_once on flow_enrolment (tenant_id, flow_id, subject_id)
  where state in ('active', 'paused', 'failed', 'holdout');
create index flow_enrolment_due on flow_enrolment (tenant_id, flow_id, due_at) where state = 'active';
create index flow_enrolment_waiting on flow_enrolment (tenant_id, waits_for) where state = 'active' and waits_for = 'condition';
create index flow_enrolment_by_entry on flow_enrolment (tenant_id, entered_at desc, id desc);
create index flow_enrolment_by_subject on flow_enrolment (tenant_id, subject_id, entered_at);
create index flow_enrolment_by_customer on flow_enrolment (tenant_id, customer_id, entered_at);
alter table flow_enrolment enable row level security;
alter table flow_enrolment force row level security;
create policy tenant_isolation on flow_enrolment
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on flow_enrolment to kizuna_app;

-- What became of each visit of a step: done, or not and why.
create table flow_step_run (
  tenant_id uuid not null,
  enrolment_id uuid not null,
  visit integer not null,
  flow_id uuid not null,
  version integer not null,
  step text not null,
  kind text not null,
  arrived_at timestamptz not null,
  at timestamptz not null,
  outcome text not null check (outcome in ('done', 'skipped', 'failed', 'ended')),
  way text,
  reason text,
  details jsonb,
  primary key (tenant_id, enrolment_id, visit),
  foreign key (tenant_id, enrolment_id) references flow_enrolment (tenant_id, id)
);
create index flow_step_run_by_step on flow_step_run (tenant_id, flow_id, version, step);
alter table flow_step_run enable row level security;
alter table flow_step_run force row level security;
create policy tenant_isolation on flow_step_run
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on flow_step_run to kizuna_app;

-- Whom a trigger brought and who did not come in.
create table flow_refusal (
  tenant_id uuid not null,
  id uuid not null,
  flow_id uuid not null,
  subject_id uuid not null,
  at timestamptz not null,
  cause text not null,
  cause_key text not null,
  reason text not null,
  primary key (tenant_id, id),
  unique (tenant_id, flow_id, subject_id, cause_key),
  foreign key (tenant_id, flow_id) references flow (tenant_id, id)
);
create index flow_refusal_by_time on flow_refusal (tenant_id, flow_id, at desc, id desc);
alter table flow_refusal enable row level security;
alter table flow_refusal force row level security;
create policy tenant_isolation on flow_refusal
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on flow_refusal to kizuna_app;

-- Contacts that flows made, so that nobody is contacted too often.
create table flow_contact (
  tenant_id uuid not null,
  subject_id uuid not null,
  at timestamptz not null,
  enrolment_id uuid not null,
  visit integer not null,
  way text not null,
  primary key (tenant_id, enrolment_id, visit)
);
create index flow_contact_by_subject on flow_contact (tenant_id, subject_id, at);
alter table flow_contact enable row level security;
alter table flow_contact force row level security;
create policy tenant_isolation on flow_contact
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on flow_contact to kizuna_app;

-- Contacts that a cap or a missing consent held back.
create table flow_suppression (
  tenant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  flow_id uuid not null,
  enrolment_id uuid not null,
  step text not null,
  subject_id uuid not null,
  customer_id uuid,
  reason text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, enrolment_id) references flow_enrolment (tenant_id, id)
);
create index flow_suppression_by_time on flow_suppression (tenant_id, at desc, id desc);
alter table flow_suppression enable row level security;
alter table flow_suppression force row level security;
create policy tenant_isolation on flow_suppression
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on flow_suppression to kizuna_app;

-- What flows ask of people and of the vendor's product, and what they answered.
create table flow_request (
  tenant_id uuid not null,
  id uuid not null,
  enrolment_id uuid not null,
  visit integer not null,
  flow_id uuid not null,
  step text not null,
  kind text not null check (kind in ('approval', 'provision')),
  state text not null check (state in ('waiting', 'approved', 'refused', 'done', 'failed', 'expired', 'withdrawn')),
  question text not null,
  -- Of an approval: who may decide it.
  member_ids uuid[] not null default '{}',
  -- Of a provisioning: the channel by which the product was asked.
  channel text,
  answer jsonb,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  note text,
  primary key (tenant_id, id),
  unique (tenant_id, enrolment_id, visit),
  foreign key (tenant_id, enrolment_id) references flow_enrolment (tenant_id, id)
);
create index flow_request_by_due on flow_request (tenant_id, due_at, id);
alter table flow_request enable row level security;
alter table flow_request force row level security;
create policy tenant_isolation on flow_request
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on flow_request to kizuna_app;

-- How often flows may contact somebody. No row: as often as they will.
create table flow_settings (
  tenant_id uuid not null references tenant (id),
  cap_most smallint check (cap_most between 1 and 100),
  cap_days smallint check (cap_days between 1 and 365),
  -- Flows of this priority or a more urgent one are not held back.
  exempt_priority smallint not null check (exempt_priority between 0 and 9),
  updated_at timestamptz not null,
  primary key (tenant_id)
);
alter table flow_settings enable row level security;
alter table flow_settings force row level security;
create policy tenant_isolation on flow_settings
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on flow_settings to kizuna_app;
