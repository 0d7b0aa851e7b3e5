-- Values of KPIs by month, of the whole company, as they were last worked out: companies with so many customers that the
-- answer would take too long read them here. What is narrowed to some customers is always worked out from the facts.
create table kpi_month (
  tenant_id uuid not null references tenant (id),
  -- Key of a KPI of the catalogue.
  kpi text not null,
  -- First day of the month.
  month date not null,
  -- First and last day that it looks at; the last one of a month that still ran is the day on which it was worked out.
  opens date not null,
  as_of date not null,
  -- The company's when it was worked out.
  currency text not null,
  value double precision,
  numerator double precision not null,
  denominator double precision,
  customers integer not null,
  computed_at timestamptz not null,
  primary key (tenant_id, kpi, month)
);
alter table kpi_month enable row level security;
alter table kpi_month force row level security;
create policy tenant_isolation on kpi_month
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on kpi_month to kizuna_app;
