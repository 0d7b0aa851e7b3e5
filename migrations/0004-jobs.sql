-- The queue of all tenants: a local table, because work is claimed across tenants (FOR UPDATE SKIP LOCKED).
create table job (
  -- All zeros for jobs that belong to no tenant.
  tenant_id uuid not null,
  id bigint generated always as identity,
  name text not null,
  payload jsonb not null,
  -- At most one waiting job per tenant, name and key; claiming or cancelling a job gives its key free.
  key text,
  -- waiting: due now. delayed: due at run_at. leased: claimed by a worker until lease_until.
  state text not null check (state in ('waiting', 'delayed', 'leased', 'failed', 'cancelled')),
  run_at timestamptz not null default now(),
  attempts smallint not null default 0,
  max_attempts smallint not null,
  -- Fencing: made anew by each claim; a job is completed only by the lease that holds it.
  lease uuid,
  lease_until timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
-- Holds due jobs only, so that a walk over the tenants in it meets none without work.
create index job_waiting on job (tenant_id, id) where state = 'waiting';
create index job_delayed on job (run_at) where state = 'delayed';
create index job_leased on job (lease_until) where state = 'leased';
create unique index job_once on job (tenant_id, name, key) where key is not null;
-- Rows live for moments: what they leave behind is cleared early and without pauses.
alter table job set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
grant select, insert, update, delete on job to kizuna_app;

-- Schedules of jobs: cron expression in a time zone; whoever claims a due row enqueues its job and moves next_at on.
create table job_schedule (
  -- All zeros for schedules of no tenant.
  tenant_id uuid not null,
  name text not null,
  cron text not null,
  time_zone text not null,
  next_at timestamptz not null,
  last_at timestamptz,
  primary key (tenant_id, name)
);
create index job_schedule_due on job_schedule (next_at);
grant select, insert, update, delete on job_schedule to kizuna_app;
