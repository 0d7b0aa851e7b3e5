-- The queue of all tenants: a local table, because work is claimed across tenants (FOR UPDATE SKIP LOCKED).
create table job (
  id bigint generated always as identity primary key,
  tenant_id uuid,
  name text not null,
  payload jsonb not null,
  -- At most one waiting job per tenant, name and key.
  key text,
  state text not null default 'waiting' check (state in ('waiting', 'leased', 'failed', 'cancelled')),
  priority smallint not null default 0,
  run_at timestamptz not null default now(),
  attempts smallint not null default 0,
  max_attempts smallint not null,
  -- Fencing: a job may be completed only by the lease that holds it.
  lease bigint not null default 0,
  lease_until timestamptz,
  worker uuid,
  last_error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index job_due on job (priority desc, run_at, id) where state = 'waiting';
create index job_leased on job (lease_until) where state = 'leased';
create index job_by_tenant on job (tenant_id, id desc);
create unique index job_once on job (tenant_id, name, key) nulls not distinct where state = 'waiting' and key is not null;
grant select, insert, update, delete on job to kizuna_app;

-- Schedules of jobs: cron expression in a time zone; next_at is claimed by one worker.
create table job_schedule (
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
