-- What blueprints made in a company, and how it was then: from this follow drift, and what goes with the next version.
create table blueprint_item (
  tenant_id uuid not null references tenant (id),
  section text not null,
  key text not null,
  blueprint text not null,
  item jsonb not null,
  applied_at timestamptz not null,
  primary key (tenant_id, section, key)
);
alter table blueprint_item enable row level security;
alter table blueprint_item force row level security;
create policy tenant_isolation on blueprint_item
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on blueprint_item to kizuna_app;

-- Every application of a blueprint, with what it did: enough to take it back.
create table blueprint_application (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  blueprint text not null,
  name_ja text not null,
  name_en text not null,
  kind text not null check (kind in ('apply', 'rollback')),
  -- The one that this takes back.
  rolls_back uuid,
  at timestamptz not null,
  applied_by uuid,
  -- Section, key, name, action, and the item before and after.
  changes jsonb not null,
  -- Which of these things blueprints had made before, and how.
  managed_before jsonb not null,
  radius jsonb,
  primary key (tenant_id, id)
);
create index blueprint_application_by_time on blueprint_application (tenant_id, at desc);
alter table blueprint_application enable row level security;
alter table blueprint_application force row level security;
create policy tenant_isolation on blueprint_application
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on blueprint_application to kizuna_app;
