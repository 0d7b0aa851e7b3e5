-- What gives or takes points from leads.
create table scoring_rule (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- Name in blueprints; stays when the rule is renamed.
  key text not null check (key ~ '^[a-z0-9][a-z0-9_-]{0,60}$'),
  name_ja text not null,
  name_en text not null,
  state text not null check (state in ('enabled', 'paused')),
  position integer not null,
  part text not null check (part in ('fit', 'engagement')),
  points smallint not null check (points between -100 and 100 and points <> 0),
  -- {kind: attribute, condition} or {kind: behaviour, event, where, days, count, most, halfLifeDays}.
  "when" jsonb not null,
  -- Its place among the points of a lead; never given to another rule, so that kept points stay its own.
  place smallint not null check (place > 0),
  -- Why it cannot be worked out.
  fault text,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key),
  unique (tenant_id, place)
);
alter table scoring_rule enable row level security;
alter table scoring_rule force row level security;
create policy tenant_isolation on scoring_rule
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on scoring_rule to kizuna_app;

-- One row a company: who is a lead, how high points reach, and what happens when one gets hot. It is also the lock under
-- which leads are scored.
create table scoring_settings (
  tenant_id uuid primary key references tenant (id),
  -- Null: contacts without a customer.
  lead jsonb,
  fit_cap smallint not null default 50 check (fit_cap between 1 and 100),
  engagement_cap smallint not null default 50 check (engagement_cap between 1 and 100),
  hot_at smallint not null default 80 check (hot_at between 1 and 100),
  -- Who is given hot leads in turn, who is told as well, and by which channels.
  assign jsonb not null default '[]',
  notify jsonb not null default '[]',
  channels text[] not null default '{}',
  -- Whose turn it was. No foreign key: members leave.
  last_assignee uuid,
  last_place smallint not null default 0,
  -- When all leads were last looked at.
  scored_at timestamptz,
  updated_at timestamptz not null default now()
);
alter table scoring_settings enable row level security;
alter table scoring_settings force row level security;
create policy tenant_isolation on scoring_settings
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on scoring_settings to kizuna_app;

-- The score of each lead now, with its parts; the total stands in contact.lead_score, too.
create table lead_score_state (
  tenant_id uuid not null,
  contact_id uuid not null,
  score numeric(4, 1) not null,
  fit numeric(4, 1) not null,
  engagement numeric(4, 1) not null,
  -- Millionths of a point by the place of the rule.
  points integer[] not null,
  hot_since timestamptz,
  -- Whether the next time it gets hot is told: not before it has been well below.
  armed boolean not null default true,
  -- Whose it is since it got hot. No foreign key: members leave.
  assignee_id uuid,
  -- What the history last noted.
  recorded numeric(4, 1) not null,
  recorded_points integer[] not null,
  changed_at timestamptz not null,
  primary key (tenant_id, contact_id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
create index lead_score_ranked on lead_score_state (tenant_id, score desc, contact_id);
create index lead_score_changed on lead_score_state (tenant_id, changed_at);
alter table lead_score_state enable row level security;
alter table lead_score_state force row level security;
create policy tenant_isolation on lead_score_state
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on lead_score_state to kizuna_app;

-- How scores moved, and by which rules.
create table lead_score_change (
  tenant_id uuid not null,
  contact_id uuid not null,
  at timestamptz not null,
  -- Null: it was no lead before, or is none any more.
  from_score numeric(4, 1),
  to_score numeric(4, 1),
  -- It got hot by this.
  hot boolean not null default false,
  -- [{rule, nameJa, nameEn, from, to}], as the rules were called then.
  reasons jsonb not null default '[]',
  primary key (tenant_id, contact_id, at),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
alter table lead_score_change enable row level security;
alter table lead_score_change force row level security;
create policy tenant_isolation on lead_score_change
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on lead_score_change to kizuna_app;

-- Contacts about which something is another thing now; what follows from single contacts takes them from here. Without
-- foreign keys and only appended to: writers never wait for each other.
create table contact_change (
  tenant_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  primary key (tenant_id, id)
);
alter table contact_change enable row level security;
alter table contact_change force row level security;
create policy tenant_isolation on contact_change
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on contact_change to kizuna_app;
