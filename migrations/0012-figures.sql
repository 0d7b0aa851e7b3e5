-- What was written about customers and is not yet followed by what is worked out from it. Only ever added to, so that
-- writers do not wait for each other; whoever follows takes the rows away.
create table fact_change (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- None: contacts of no customer.
  customer_id uuid,
  -- usage, tickets, billing ... (FactKind)
  facts text not null,
  -- Figures of this day and later may be other ones now.
  from_day date not null,
  primary key (tenant_id, id)
);
alter table fact_change enable row level security;
alter table fact_change force row level security;
create policy tenant_isolation on fact_change
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on fact_change to kizuna_app;

-- At which place of the figures a metric stands. Places are given once and never again to another one.
create table metric_place (
  tenant_id uuid not null references tenant (id),
  key text not null,
  place integer not null check (place > 0),
  primary key (tenant_id, key),
  unique (tenant_id, place)
);
alter table metric_place enable row level security;
alter table metric_place force row level security;
create policy tenant_isolation on metric_place
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on metric_place to kizuna_app;

-- Metrics that a company defined itself.
create table own_metric (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null check (key ~ '^own[.][a-z][a-z0-9_]{0,62}$'),
  label_ja text not null,
  label_en text not null,
  description text,
  unit text not null,
  direction text not null check (direction in ('up', 'down', 'neither')),
  -- What is counted, of which rows, over how many days.
  definition jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table own_metric enable row level security;
alter table own_metric force row level security;
create policy tenant_isolation on own_metric
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on own_metric to kizuna_app;

-- The figures of each customer now: every metric at its place.
create table customer_figures (
  tenant_id uuid not null,
  customer_id uuid not null,
  day date not null,
  figures double precision[] not null,
  computed_at timestamptz not null,
  primary key (tenant_id, customer_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
) with (fillfactor = 70);
alter table customer_figures enable row level security;
alter table customer_figures force row level security;
create policy tenant_isolation on customer_figures
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on customer_figures to kizuna_app;

-- The figures of past days, for history, time travel and training. Kept compressed where a row is longer than 128 bytes.
-- No foreign key: a look-up a row; rows of a customer that is gone are thinned out with the rest.
create table figures_daily (
  tenant_id uuid not null,
  day date not null,
  customer_id uuid not null,
  figures double precision[] not null,
  primary key (tenant_id, day, customer_id)
) partition by range (day);
create table figures_daily_default partition of figures_daily default;
create index figures_daily_by_customer on figures_daily (tenant_id, customer_id, day);
alter table figures_daily enable row level security;
alter table figures_daily force row level security;
create policy tenant_isolation on figures_daily
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on figures_daily to kizuna_app;

-- The days of which figures are kept, and how far following has come.
create table figures_day (
  tenant_id uuid not null references tenant (id),
  day date not null,
  computed_at timestamptz not null,
  primary key (tenant_id, day)
);
alter table figures_day enable row level security;
alter table figures_day force row level security;
create policy tenant_isolation on figures_day
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on figures_day to kizuna_app;

-- One row a company: for how long which days are kept, and the lock under which figures are worked out.
create table figures_state (
  tenant_id uuid primary key references tenant (id),
  -- Every day is kept for so many days, then one a week, then one a month, then none.
  daily_days integer not null default 120 check (daily_days between 7 and 1100),
  weekly_days integer not null default 550 check (weekly_days between 7 and 3660),
  monthly_days integer not null default 1830 check (monthly_days between 31 and 7320),
  updated_at timestamptz not null default now()
);
alter table figures_state enable row level security;
alter table figures_state force row level security;
create policy tenant_isolation on figures_state
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on figures_state to kizuna_app;

create index customer_figures_by_moment on customer_figures (tenant_id, computed_at);
