-- Plans with their prices, and what the return is worked out with. No row: the defaults.
create table upsell_settings (
  tenant_id uuid primary key references tenant (id),
  settings jsonb not null,
  updated_at timestamptz not null
);
alter table upsell_settings enable row level security;
alter table upsell_settings force row level security;
create policy tenant_isolation on upsell_settings
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on upsell_settings to kizuna_app;

-- Customers to whom a larger plan can be offered. It is closed by a person, or when nothing speaks for it any more.
create table upsell_opportunity (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('free_to_paid', 'plan_up')),
  status text not null check (status in ('open', 'working', 'won', 'lost', 'expired')),
  plan text not null,
  next_plan text not null,
  users integer not null,
  uses bigint not null,
  estimated_arr double precision not null,
  currency text not null,
  -- [{key, value}]
  signals jsonb not null,
  timing text[] not null,
  contact_by date,
  found_at timestamptz not null,
  closed_at timestamptz,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  check ((status in ('open', 'working')) = (closed_at is null)),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create unique index upsell_opportunity_one on upsell_opportunity (tenant_id, customer_id, kind) where closed_at is null;
create index upsell_opportunity_by_customer on upsell_opportunity (tenant_id, customer_id, closed_at);
create index upsell_opportunity_by_worth on upsell_opportunity (tenant_id, estimated_arr, id);
alter table upsell_opportunity enable row level security;
alter table upsell_opportunity force row level security;
create policy tenant_isolation on upsell_opportunity
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on upsell_opportunity to kizuna_app;

-- Presses of buttons and links of cards that were used: each works once.
create table notice_card_use (
  tenant_id uuid not null references tenant (id),
  hash bytea not null,
  used_at timestamptz not null,
  primary key (tenant_id, hash)
);
alter table notice_card_use enable row level security;
alter table notice_card_use force row level security;
create policy tenant_isolation on notice_card_use
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on notice_card_use to kizuna_app;
