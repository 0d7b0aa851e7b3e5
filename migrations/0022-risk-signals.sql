-- Signals of risk: conditions on customers, each of a level, and which customers show them since when.
create table risk_signal (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- Name in blueprints and in conditions; stays when the signal is renamed.
  key text not null,
  name_ja text not null,
  name_en text not null,
  level text not null check (level in ('high', 'medium', 'low')),
  condition jsonb not null,
  advice_ja text not null default '',
  advice_en text not null default '',
  state text not null check (state in ('enabled', 'paused')),
  -- What its condition is worked out from (FactKind), so that it is known when to look again.
  facts text[] not null default '{}',
  -- Events that its condition names; where the company never had any of them, nobody can be judged.
  events text[] not null default '{}',
  judged boolean not null default true,
  evaluated_at timestamptz,
  fault text,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table risk_signal enable row level security;
alter table risk_signal force row level security;
create policy tenant_isolation on risk_signal
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on risk_signal to kizuna_app;

-- A customer shows a signal, or showed it: one row a time. No foreign key to the customer: a look-up a row.
create table customer_signal (
  tenant_id uuid not null,
  signal_id uuid not null,
  customer_id uuid not null,
  since timestamptz not null,
  ended timestamptz,
  primary key (tenant_id, signal_id, customer_id, since),
  foreign key (tenant_id, signal_id) references risk_signal (tenant_id, id) on delete cascade
);
create unique index customer_signal_open on customer_signal (tenant_id, signal_id, customer_id) where ended is null;
create index customer_signal_by_customer on customer_signal (tenant_id, customer_id);
alter table customer_signal enable row level security;
alter table customer_signal force row level security;
create policy tenant_isolation on customer_signal
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on customer_signal to kizuna_app;

-- Whoever has chosen nothing gets the weekly report.
alter table notice_times add column weekly_report boolean not null default true;

-- Churn scores as they were at the beginning of a week (its Monday): the weekly report says what changed since.
create table churn_score_weekly (
  tenant_id uuid not null references tenant (id),
  week date not null,
  customer_id uuid not null,
  score real not null,
  primary key (tenant_id, week, customer_id)
);
alter table churn_score_weekly enable row level security;
alter table churn_score_weekly force row level security;
create policy tenant_isolation on churn_score_weekly
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on churn_score_weekly to kizuna_app;

-- Whose report of a week went out, or had nothing to say: nobody gets one twice.
create table weekly_report (
  tenant_id uuid not null,
  week date not null,
  member_id uuid not null,
  customers integer not null,
  mail_id uuid,
  created_at timestamptz not null,
  primary key (tenant_id, week, member_id),
  foreign key (tenant_id, member_id) references member (tenant_id, id) on delete cascade
);
alter table weekly_report enable row level security;
alter table weekly_report force row level security;
create policy tenant_isolation on weekly_report
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on weekly_report to kizuna_app;
