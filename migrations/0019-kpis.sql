-- What a company wants its KPIs to reach. The KPIs themselves are declared in the program and worked out from the facts.
create table kpi_target (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- Key of a KPI of the catalogue.
  kpi text not null,
  bound text not null check (bound in ('at_least', 'more_than', 'at_most', 'less_than')),
  -- What is to be reached in the first year, in the second and so on; the last one stays.
  steps double precision[] not null check (cardinality(steps) between 1 and 10),
  -- First day of the first year; earlier periods have no target.
  starts_on date not null,
  -- The member who answers for it. No foreign key: members leave, the target stays.
  responsible_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, kpi)
);
alter table kpi_target enable row level security;
alter table kpi_target force row level security;
create policy tenant_isolation on kpi_target
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on kpi_target to kizuna_app;
