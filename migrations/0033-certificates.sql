-- Certificates that flows issue. Those of onboarding journeys stand in the journey itself.
create table certificate (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  -- Whose it is; null: the company's.
  contact_id uuid,
  title_ja text not null,
  title_en text not null,
  issued_on date not null,
  -- The step and visit that issued it: once, however often it is tried.
  key text not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
create index certificate_by_customer on certificate (tenant_id, customer_id, issued_on desc, id);
create index certificate_by_contact on certificate (tenant_id, contact_id) where contact_id is not null;
alter table certificate enable row level security;
alter table certificate force row level security;
create policy tenant_isolation on certificate
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on certificate to kizuna_app;
