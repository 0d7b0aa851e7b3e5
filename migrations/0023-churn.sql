-- What a company calls churn, how far ahead it looks, how it names risk, and what a call costs it. No row: the defaults.
create table churn_settings (
  tenant_id uuid primary key references tenant (id),
  settings jsonb not null,
  updated_at timestamptz not null
);
alter table churn_settings enable row level security;
alter table churn_settings force row level security;
create policy tenant_isolation on churn_settings
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on churn_settings to kizuna_app;

-- Trainings and what came of them. One serves at a time.
create table churn_model (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  version integer not null check (version > 0),
  state text not null check (state in ('training', 'ready', 'live', 'retired', 'rejected', 'failed', 'cancelled')),
  -- Which of the two kinds of trees serves, or is proposed.
  algorithm text check (algorithm in ('forest', 'boosting')),
  proposed text check (proposed in ('forest', 'boosting')),
  -- The settings as they were when it was trained.
  settings jsonb not null,
  seed integer not null,
  -- Days on which customers were looked at, and columns that were refused, with the reason.
  days date[] not null default '{}',
  refused jsonb not null default '[]',
  rows integer,
  positives integer,
  stage text,
  progress real not null default 0,
  cancelling boolean not null default false,
  fault jsonb,
  requested_by uuid,
  created_at timestamptz not null,
  trained_at timestamptz,
  -- Since when it serves, or served last.
  live_at timestamptz,
  live_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, version)
);
create unique index churn_model_live on churn_model (tenant_id) where state = 'live';
create unique index churn_model_training on churn_model (tenant_id) where state = 'training';
alter table churn_model enable row level security;
alter table churn_model force row level security;
create policy tenant_isolation on churn_model
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on churn_model to kizuna_app;

-- The model itself and its report, of each kind of trees that was trained.
create table churn_model_content (
  tenant_id uuid not null,
  model_id uuid not null,
  algorithm text not null check (algorithm in ('forest', 'boosting')),
  content bytea not null,
  report jsonb not null,
  primary key (tenant_id, model_id, algorithm),
  foreign key (tenant_id, model_id) references churn_model (tenant_id, id) on delete cascade
);
alter table churn_model_content enable row level security;
alter table churn_model_content force row level security;
create policy tenant_isolation on churn_model_content
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on churn_model_content to kizuna_app;

-- What is expected of each customer now.
create table churn_prediction (
  tenant_id uuid not null,
  customer_id uuid not null,
  -- By a model, or by the rules of signals where there is none or it does not judge; then why.
  basis text not null check (basis in ('model', 'rules')),
  held text check (held in ('no_model', 'young', 'no_usage')),
  model_id uuid,
  -- Chance of leaving within the horizon, 0 to 1, and the interval in which parts of the model see it.
  probability real not null,
  low real,
  high real,
  confidence text not null check (confidence in ('high', 'medium', 'low')),
  -- 0 to 100.
  score real not null,
  band text not null,
  -- What raised and what lowered it: [{feature, value, part}], the largest first; empty: worked out when asked for.
  factors jsonb not null default '[]',
  predicted_at timestamptz not null,
  primary key (tenant_id, customer_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
) with (fillfactor = 70);
create index churn_prediction_by_score on churn_prediction (tenant_id, score desc, customer_id desc);
alter table churn_prediction enable row level security;
alter table churn_prediction force row level security;
create policy tenant_isolation on churn_prediction
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on churn_prediction to kizuna_app;

-- The same at the end of each day. No foreign key: a look-up a row.
create table churn_score_daily (
  tenant_id uuid not null,
  day date not null,
  customer_id uuid not null,
  basis text not null,
  model_id uuid,
  score real not null,
  band text not null,
  primary key (tenant_id, day, customer_id)
) partition by range (day);
create table churn_score_daily_default partition of churn_score_daily default;
create index churn_score_daily_by_customer on churn_score_daily (tenant_id, customer_id, day);
alter table churn_score_daily enable row level security;
alter table churn_score_daily force row level security;
create policy tenant_isolation on churn_score_daily
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on churn_score_daily to kizuna_app;

-- How far today's customers are from those that a model learned from, and whether what it said came true.
create table churn_drift (
  tenant_id uuid not null,
  model_id uuid not null,
  day date not null,
  customers integer not null,
  -- Population stability index: of the scores' features at most, and of each [{feature, index}].
  stability real not null,
  features jsonb not null,
  -- Of scores whose horizon has passed: how many, how many left, how many were expected to.
  judged integer not null,
  left_count integer not null,
  expected real not null,
  primary key (tenant_id, model_id, day),
  foreign key (tenant_id, model_id) references churn_model (tenant_id, id) on delete cascade
);
alter table churn_drift enable row level security;
alter table churn_drift force row level security;
create policy tenant_isolation on churn_drift
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on churn_drift to kizuna_app;
