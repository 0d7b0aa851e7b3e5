-- How a company judges the health of its customers. The first enabled one, by position, whose condition a customer meets
-- counts for it.
create table scorecard (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  name_ja text not null,
  name_en text not null,
  state text not null check (state in ('draft', 'enabled', 'archived')),
  position integer not null,
  -- Whom it is for; none: everybody.
  condition jsonb,
  -- What is being worked on; null: as published.
  draft jsonb,
  -- The version that counts; 0: none was published.
  version integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table scorecard enable row level security;
alter table scorecard force row level security;
create policy tenant_isolation on scorecard
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on scorecard to kizuna_app;

-- Versions never change: a score of the past can always be explained.
create table scorecard_version (
  tenant_id uuid not null,
  scorecard_id uuid not null,
  version integer not null check (version > 0),
  definition jsonb not null,
  note text,
  published_by uuid,
  published_at timestamptz not null,
  primary key (tenant_id, scorecard_id, version),
  foreign key (tenant_id, scorecard_id) references scorecard (tenant_id, id) on delete cascade
);
alter table scorecard_version enable row level security;
alter table scorecard_version force row level security;
create policy tenant_isolation on scorecard_version
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on scorecard_version to kizuna_app;

-- The health of each customer now.
create table customer_health (
  tenant_id uuid not null,
  customer_id uuid not null,
  scorecard_id uuid not null,
  version integer not null,
  -- 0 to 100; before exceptions and overrides in raw.
  score real,
  raw real,
  band text,
  -- Share of the weights whose factors are known, 0 to 1.
  coverage real not null,
  -- By place of the factor in the version: 0 to 100, and what it was worked out from.
  scores real[] not null,
  inputs double precision[] not null,
  -- Place of the exception that applied (from 1), or 0 for an override.
  exception integer,
  computed_at timestamptz not null,
  primary key (tenant_id, customer_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
) with (fillfactor = 70);
create index customer_health_by_card on customer_health (tenant_id, scorecard_id, band);
alter table customer_health enable row level security;
alter table customer_health force row level security;
create policy tenant_isolation on customer_health
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on customer_health to kizuna_app;

-- The health of past days. No foreign keys: a look-up a row.
create table health_daily (
  tenant_id uuid not null,
  day date not null,
  customer_id uuid not null,
  scorecard_id uuid not null,
  version integer not null,
  score real,
  raw real,
  band text,
  coverage real not null,
  scores real[] not null,
  inputs double precision[] not null,
  exception integer,
  primary key (tenant_id, day, customer_id)
) partition by range (day);
create table health_daily_default partition of health_daily default;
create index health_daily_by_customer on health_daily (tenant_id, customer_id, day);
alter table health_daily enable row level security;
alter table health_daily force row level security;
create policy tenant_isolation on health_daily
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on health_daily to kizuna_app;

-- What a CSM judges by hand, 0 to 100, for so long.
create table manual_measure (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  key text not null,
  value real not null check (value between 0 and 100),
  note text,
  measured_by uuid,
  measured_at timestamptz not null,
  expires_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index manual_measure_by_customer on manual_measure (tenant_id, customer_id, key, measured_at desc);
alter table manual_measure enable row level security;
alter table manual_measure force row level security;
create policy tenant_isolation on manual_measure
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on manual_measure to kizuna_app;

-- A score that a person sets against the scorecard, with the reason, until a day.
create table health_override (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  score real not null check (score between 0 and 100),
  reason text not null,
  set_by uuid,
  set_at timestamptz not null,
  expires_on date not null,
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index health_override_by_customer on health_override (tenant_id, customer_id, set_at desc);
alter table health_override enable row level security;
alter table health_override force row level security;
create policy tenant_isolation on health_override
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on health_override to kizuna_app;

