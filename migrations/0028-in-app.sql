-- What is shown inside the product to its users. `document` is {kind, tone, content: {ja, en}, link, items, pages, frequency,
-- audience}: what queries ask for stands in columns as well.
create table in_app_message (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  name text not null,
  kind text not null check (kind in ('banner', 'modal', 'checklist')),
  state text not null check (state in ('draft', 'enabled', 'paused')),
  document jsonb not null,
  -- Pattern of LIKE over the path of the page; none: every page.
  page_like text,
  frequency text not null check (frequency in ('once', 'daily', 'until_dismissed', 'times')),
  -- Of the frequency `times`.
  most integer check (most > 0),
  priority integer not null,
  starts_at timestamptz,
  ends_at timestamptz,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table in_app_message enable row level security;
alter table in_app_message force row level security;
create policy tenant_isolation on in_app_message
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on in_app_message to kizuna_app;

-- For whom a message waits, and what became of it. What the person says ends it: dismissed, acted on, or completed.
create table in_app_delivery (
  tenant_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  contact_id uuid not null,
  -- Of one key there is one delivery of a message.
  key text not null,
  source_kind text not null check (source_kind in ('audience', 'flow')),
  source_id uuid not null,
  step_key text not null default '',
  queued_at timestamptz not null,
  -- Who is no longer meant by the audience sees it no more.
  withdrawn_at timestamptz,
  shown integer not null default 0,
  first_shown_at timestamptz,
  last_shown_at timestamptz,
  clicked_at timestamptz,
  dismissed_at timestamptz,
  completed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, message_id, key),
  foreign key (tenant_id, message_id) references in_app_message (tenant_id, id) on delete cascade
);
create index in_app_delivery_by_contact on in_app_delivery (tenant_id, contact_id);
alter table in_app_delivery enable row level security;
alter table in_app_delivery force row level security;
create policy tenant_isolation on in_app_delivery
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on in_app_delivery to kizuna_app;

-- Which source may ask for messages. No row: none may. With `verified` the product's server signs who the user is.
create table in_app_source (
  tenant_id uuid not null,
  source_id uuid not null,
  mode text not null check (mode in ('off', 'verified', 'unverified')),
  secret_box text not null,
  updated_at timestamptz not null,
  primary key (tenant_id, source_id),
  foreign key (tenant_id, source_id) references source (tenant_id, id) on delete cascade
);
alter table in_app_source enable row level security;
alter table in_app_source force row level security;
create policy tenant_isolation on in_app_source
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on in_app_source to kizuna_app;
