-- Which features a customer has used, so that the first use of one is told once. Not kept anew when a merge is undone.
create table customer_feature (
  tenant_id uuid not null,
  customer_id uuid not null,
  feature text not null,
  primary key (tenant_id, customer_id, feature),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
alter table customer_feature enable row level security;
alter table customer_feature force row level security;
create policy tenant_isolation on customer_feature
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on customer_feature to kizuna_app;
