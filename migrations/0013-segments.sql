-- Groups of customers or contacts: static ones are lists, dynamic ones follow a condition.
create table segment (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  record text not null check (record in ('customer', 'contact')),
  -- Name in blueprints; stays when the segment is renamed.
  key text not null,
  name_ja text not null,
  name_en text not null,
  description text,
  kind text not null check (kind in ('static', 'dynamic')),
  -- The condition of a dynamic one.
  condition jsonb,
  -- What its condition is worked out from (FactKind), so that it is known when to look again.
  facts text[] not null default '{}',
  -- It looks at days or at figures of use: time alone changes it.
  depends_on_time boolean not null default false,
  state text not null check (state in ('draft', 'enabled', 'paused', 'archived')),
  members integer not null default 0,
  refreshed_at timestamptz,
  -- How long the last refresh took (ms), and why it failed where it did.
  refresh_milliseconds integer,
  fault text,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key),
  check ((kind = 'dynamic') = (condition is not null))
);
alter table segment enable row level security;
alter table segment force row level security;
create policy tenant_isolation on segment
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on segment to kizuna_app;

-- Who is in a segment now. No foreign key to the record: a look-up a row.
create table segment_member (
  tenant_id uuid not null,
  segment_id uuid not null,
  record_id uuid not null,
  entered_at timestamptz not null,
  primary key (tenant_id, segment_id, record_id),
  foreign key (tenant_id, segment_id) references segment (tenant_id, id) on delete cascade
);
create index segment_member_by_record on segment_member (tenant_id, record_id);
alter table segment_member enable row level security;
alter table segment_member force row level security;
create policy tenant_isolation on segment_member
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on segment_member to kizuna_app;

-- Who came and who went, and when: members of any past moment follow from it.
create table segment_move (
  tenant_id uuid not null,
  at timestamptz not null,
  segment_id uuid not null,
  record_id uuid not null,
  entered boolean not null,
  primary key (tenant_id, segment_id, record_id, at)
);
create index segment_move_by_time on segment_move (tenant_id, segment_id, at);
alter table segment_move enable row level security;
alter table segment_move force row level security;
create policy tenant_isolation on segment_move
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on segment_move to kizuna_app;

-- How many members a segment had at the end of each day.
create table segment_size (
  tenant_id uuid not null,
  segment_id uuid not null,
  day date not null,
  members integer not null,
  entered integer not null default 0,
  exited integer not null default 0,
  primary key (tenant_id, segment_id, day),
  foreign key (tenant_id, segment_id) references segment (tenant_id, id) on delete cascade
);
alter table segment_size enable row level security;
alter table segment_size force row level security;
create policy tenant_isolation on segment_size
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on segment_size to kizuna_app;

