-- A person who signs in; may belong to several tenants, so global.
create table app_user (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  locale text not null check (locale in ('ja', 'en')),
  time_zone text not null,
  password_hash text not null,
  second_factor_box text,
  second_factor_confirmed_at timestamptz,
  -- The last time step of a code that was accepted: each code works once.
  second_factor_last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
grant select, insert, update on app_user to kizuna_app;

-- Which companies a person belongs to, for sign-in and switching; `member` holds the rights.
create table user_tenant (
  user_id uuid not null,
  tenant_id uuid not null,
  joined_at timestamptz not null default now(),
  primary key (user_id, tenant_id)
);
grant select, insert, delete on user_tenant to kizuna_app;

create table user_session (
  token_hash bytea primary key,
  id uuid not null unique,
  user_id uuid not null,
  -- The company the session works in; null between sign-in and the first choice.
  tenant_id uuid,
  second_factor_pending boolean not null,
  user_agent text not null,
  network text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index user_session_by_user on user_session (user_id, last_seen_at desc);
create index user_session_by_expiry on user_session (expires_at);
grant select, insert, update, delete on user_session to kizuna_app;

-- One-time tokens sent by mail; only their hash is kept.
create table user_token (
  token_hash bytea primary key,
  user_id uuid not null,
  purpose text not null check (purpose in ('reset_password')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index user_token_by_user on user_token (user_id, purpose);
create index user_token_by_expiry on user_token (expires_at);
grant select, insert, update, delete on user_token to kizuna_app;

-- Sign-ups whose address is not confirmed yet: nobody and nothing exists before that, so nobody can plant an account
-- with a password of their own for somebody else.
create table sign_up (
  id uuid primary key,
  token_hash bytea not null unique,
  email_index bytea not null,
  request_box text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  completed_at timestamptz
);
create index sign_up_by_address on sign_up (email_index, created_at);
create index sign_up_by_expiry on sign_up (expires_at);
grant select, insert, update, delete on sign_up to kizuna_app;

create table recovery_code (
  user_id uuid not null,
  code_hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (user_id, code_hash)
);
grant select, insert, delete on recovery_code to kizuna_app;

-- Attempts per account and per network, shared by all servers.
create table rate_limit (
  key text primary key,
  points integer not null default 0,
  expire bigint
);
create index rate_limit_by_expiry on rate_limit (expire);
grant select, insert, update, delete on rate_limit to kizuna_app;

create table account_idempotency_key (
  user_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  reply_box text,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
create index account_idempotency_key_by_age on account_idempotency_key (created_at);
grant select, insert, update, delete on account_idempotency_key to kizuna_app;

create table member (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, user_id)
);
create index member_by_age on member (tenant_id, created_at, id);
alter table member enable row level security;
alter table member force row level security;
create policy tenant_isolation on member
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on member to kizuna_app;

create table team (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
alter table team enable row level security;
alter table team force row level security;
create policy tenant_isolation on team
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on team to kizuna_app;

create table team_member (
  tenant_id uuid not null,
  team_id uuid not null,
  member_id uuid not null,
  primary key (tenant_id, team_id, member_id),
  foreign key (tenant_id, team_id) references team (tenant_id, id) on delete cascade,
  foreign key (tenant_id, member_id) references member (tenant_id, id) on delete cascade
);
create index team_member_by_member on team_member (tenant_id, member_id);
alter table team_member enable row level security;
alter table team_member force row level security;
create policy tenant_isolation on team_member
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on team_member to kizuna_app;

create table invitation (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  token_hash bytea not null,
  -- The invited address is personal data of somebody who has not agreed to anything yet: kept encrypted, found by blind index.
  email_box text not null,
  email_index bytea not null,
  role text not null,
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash)
);
create unique index invitation_open on invitation (tenant_id, email_index) where accepted_at is null and revoked_at is null;
create index invitation_by_age on invitation (tenant_id, created_at desc, id desc);
alter table invitation enable row level security;
alter table invitation force row level security;
create policy tenant_isolation on invitation
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on invitation to kizuna_app;

create table api_key (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  role text not null,
  scopes text[] not null,
  token_hash bytea not null,
  -- The last characters, to tell keys apart on screen.
  hint text not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash)
);
create index api_key_by_age on api_key (tenant_id, created_at desc, id desc);
alter table api_key enable row level security;
alter table api_key force row level security;
create policy tenant_isolation on api_key
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on api_key to kizuna_app;

create table idempotency_key (
  tenant_id uuid not null references tenant (id),
  actor_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  reply_box text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, actor_id, key)
);
create index idempotency_key_by_age on idempotency_key (tenant_id, created_at);
alter table idempotency_key enable row level security;
alter table idempotency_key force row level security;
create policy tenant_isolation on idempotency_key
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on idempotency_key to kizuna_app;
