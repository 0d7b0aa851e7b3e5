-- A tenant is a company that uses this installation. Distributed by its own id; everything else of a tenant refers to it.
create table tenant (
  id uuid primary key,
  name text not null,
  slug text not null,
  locale text not null check (locale in ('ja', 'en')),
  time_zone text not null,
  currency text not null check (currency in ('JPY', 'USD')),
  fiscal_year_start smallint not null check (fiscal_year_start between 1 and 12),
  demo boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table tenant enable row level security;
alter table tenant force row level security;
create policy tenant_isolation on tenant
  using (id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on tenant to kizuna_app;

-- Which tenants there are and under which address: what must be unique in the whole installation cannot live in a tenant table.
create table tenant_directory (
  tenant_id uuid primary key,
  slug text not null unique,
  created_at timestamptz not null default now()
);
grant select, insert, update on tenant_directory to kizuna_app;
