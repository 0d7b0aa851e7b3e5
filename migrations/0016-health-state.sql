-- When the health of everybody was last worked out: rows of customers are only written where something is another one.
create table health_state (
  tenant_id uuid primary key references tenant (id),
  computed_at timestamptz not null
);
alter table health_state enable row level security;
alter table health_state force row level security;
create policy tenant_isolation on health_state
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on health_state to kizuna_app;
