create table health_score (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  scored_at timestamptz not null,
  -- All scores 0 to 100.
  overall numeric(5, 2) not null check (overall between 0 and 100),
  engagement numeric(5, 2) check (engagement between 0 and 100),
  success numeric(5, 2) check (success between 0 and 100),
  satisfaction numeric(5, 2) check (satisfaction between 0 and 100),
  financial numeric(5, 2) check (financial between 0 and 100),
  level text not null check (level in ('POOR', 'FAIR', 'GOOD', 'EXCELLENT')),
  trend text not null check (trend in ('IMPROVING', 'STABLE', 'DECLINING', 'UNKNOWN')),
  factors jsonb not null default '[]',
  notes text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index health_score_by_customer on health_score (tenant_id, customer_id, scored_at desc, id);
alter table health_score enable row level security;
alter table health_score force row level security;
create policy tenant_isolation on health_score
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on health_score to kizuna_app;

create table success_plan (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  name text not null,
  type text not null check (type in ('ONBOARDING', 'QUARTERLY', 'ANNUAL', 'EXPANSION', 'RECOVERY')),
  status text not null check (status in ('DRAFT', 'ACTIVE', 'COMPLETED', 'ON_HOLD', 'CANCELLED')),
  owner_id uuid,
  starts_on date,
  ends_on date,
  business_objectives jsonb not null default '[]',
  -- [{name, unit, baseline, target, current}]
  success_metrics jsonb not null default '[]',
  -- [{contactId, name, role}] with roles SPONSOR, KEY_STAKEHOLDER, DAY_TO_DAY, TECHNICAL
  stakeholders jsonb not null default '[]',
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index success_plan_by_customer on success_plan (tenant_id, customer_id, created_at desc, id);
alter table success_plan enable row level security;
alter table success_plan force row level security;
create policy tenant_isolation on success_plan
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on success_plan to kizuna_app;

create table success_plan_milestone (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  plan_id uuid not null,
  title text not null,
  description text,
  due_on date,
  status text not null check (status in ('PENDING', 'IN_PROGRESS', 'COMPLETED', 'OVERDUE', 'CANCELLED')),
  priority text not null check (priority in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
  owner_id uuid,
  deliverables jsonb not null default '[]',
  completed_on date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, plan_id) references success_plan (tenant_id, id) on delete cascade
);
create index success_plan_milestone_by_plan on success_plan_milestone (tenant_id, plan_id, due_on);
alter table success_plan_milestone enable row level security;
alter table success_plan_milestone force row level security;
create policy tenant_isolation on success_plan_milestone
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on success_plan_milestone to kizuna_app;

create table business_review (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  type text not null check (type in ('WEEKLY', 'MONTHLY', 'QUARTERLY', 'ANNUAL', 'EXECUTIVE', 'STRATEGIC')),
  scheduled_at timestamptz not null,
  held_at timestamptz,
  agenda jsonb not null default '[]',
  attendees jsonb not null default '[]',
  achievements jsonb not null default '[]',
  challenges jsonb not null default '[]',
  -- [{name, value, target}]
  metrics_review jsonb not null default '[]',
  goals_progress text,
  decisions jsonb not null default '[]',
  -- [{title, ownerId, dueOn, done}]
  action_items jsonb not null default '[]',
  next_steps text,
  overall_rating smallint check (overall_rating between 1 and 5),
  feedback text,
  follow_up_on date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index business_review_by_customer on business_review (tenant_id, customer_id, scheduled_at desc, id);
alter table business_review enable row level security;
alter table business_review force row level security;
create policy tenant_isolation on business_review
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on business_review to kizuna_app;

create table advocacy_activity (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  contact_id uuid,
  contact_name text,
  type text not null check (type in ('CASE_STUDY', 'TESTIMONIAL', 'REFERENCE_CALL', 'SPEAKER_EVENT', 'PRESS_RELEASE', 'WEBINAR', 'USER_GROUP', 'ADVISORY_BOARD')),
  status text not null check (status in ('PENDING', 'REQUESTED', 'IN_PROGRESS', 'COMPLETED', 'DECLINED', 'CANCELLED')),
  title text not null,
  description text,
  requested_on date,
  completed_on date,
  outcome text,
  -- What it was worth, in the customer's currency.
  value numeric(16, 2),
  case_study_url text,
  testimonial_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, contact_id) references contact (tenant_id, id)
);
create index advocacy_activity_by_customer on advocacy_activity (tenant_id, customer_id, created_at desc, id);
alter table advocacy_activity enable row level security;
alter table advocacy_activity force row level security;
create policy tenant_isolation on advocacy_activity
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on advocacy_activity to kizuna_app;
