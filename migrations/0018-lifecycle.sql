-- The stages that a lead passes on its way to becoming a customer.
create table lifecycle_stage (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- What contact.lifecycle_stage holds of who is in it.
  key text not null check (key ~ '^[a-z][a-z0-9_-]{0,62}$'),
  name_ja text not null,
  name_en text not null,
  position integer not null,
  -- won and lost end the way; a lost lead is beside it.
  kind text not null check (kind in ('open', 'won', 'lost')),
  -- Who is moved here; null: only by hand.
  condition jsonb,
  -- What the condition is worked out from (FactKind), so that it is known when to look again.
  facts text[] not null default '{}',
  -- What is done once for each move here.
  actions jsonb not null default '[]',
  -- A paused stage moves nobody here and does nothing.
  state text not null check (state in ('enabled', 'paused')),
  evaluated_at timestamptz,
  -- Why its condition cannot be worked out.
  fault text,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table lifecycle_stage enable row level security;
alter table lifecycle_stage force row level security;
create policy tenant_isolation on lifecycle_stage
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on lifecycle_stage to kizuna_app;

-- Where a contact stands, as the log of moves knows it; a contact that says another stage was written to.
create table lifecycle_position (
  tenant_id uuid not null,
  contact_id uuid not null,
  -- None: it was taken off the way.
  stage_id uuid,
  since timestamptz not null,
  -- Stages into which no rule moves it until their condition has not held once: it was taken back by hand.
  blocked uuid[] not null default '{}',
  primary key (tenant_id, contact_id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
create index lifecycle_position_by_stage on lifecycle_position (tenant_id, stage_id, since, contact_id);
alter table lifecycle_position enable row level security;
alter table lifecycle_position force row level security;
create policy tenant_isolation on lifecycle_position
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on lifecycle_position to kizuna_app;

-- Who moved where, when and why. Keys and names of stages may go; what was, stays.
create table lifecycle_move (
  tenant_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  at timestamptz not null,
  from_stage uuid,
  to_stage uuid,
  -- What the contact said before and after; other words than keys of stages are kept as they were.
  from_key text,
  to_key text,
  cause text not null check (cause in ('rule', 'person', 'record')),
  actor_id uuid,
  reason text,
  -- The condition that held, and the lead's score at that moment.
  condition jsonb,
  lead_score numeric(8, 2),
  seconds_before bigint,
  -- Stages that were entered by it: skipped ones count as passed.
  entered uuid[] not null,
  -- Whether the actions of the stage are carried out.
  acts boolean not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
create index lifecycle_move_by_contact on lifecycle_move (tenant_id, contact_id, at);
create index lifecycle_move_by_age on lifecycle_move (tenant_id, at, id);
alter table lifecycle_move enable row level security;
alter table lifecycle_move force row level security;
create policy tenant_isolation on lifecycle_move
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on lifecycle_move to kizuna_app;

-- What was done for a move, once, and how it went.
create table lifecycle_action (
  tenant_id uuid not null,
  id uuid not null,
  move_id uuid not null,
  contact_id uuid not null,
  place smallint not null,
  kind text not null check (kind in ('notify', 'sync', 'create_customer', 'welcome_mail')),
  -- As the stage had it at the moment of the move.
  action jsonb not null,
  state text not null check (state in ('waiting', 'done', 'failed', 'skipped')),
  -- What came of it, or why nothing did.
  reason text,
  error text,
  attempts smallint not null default 0,
  mail_id uuid,
  customer_id uuid,
  notice_key text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, move_id, place),
  foreign key (tenant_id, move_id) references lifecycle_move (tenant_id, id) on delete cascade
);
create index lifecycle_action_by_contact on lifecycle_action (tenant_id, contact_id, created_at);
create index lifecycle_action_failed on lifecycle_action (tenant_id, updated_at) where state = 'failed';
alter table lifecycle_action enable row level security;
alter table lifecycle_action force row level security;
create policy tenant_isolation on lifecycle_action
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on lifecycle_action to kizuna_app;

-- What happened, for programs: its type and data take the place of the notice's own.
alter table notice add column event jsonb;
