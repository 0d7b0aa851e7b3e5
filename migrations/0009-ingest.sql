-- Where facts come from: a product's servers, pages or apps. Its write key allows sending and nothing else.
create table source (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('server', 'browser', 'mobile')),
  key_hash bytea not null,
  -- The key itself, encrypted, to be shown again to those who manage sources.
  key_box text not null,
  -- Events a minute that it may send; none: as many as the server takes.
  limit_per_minute integer check (limit_per_minute > 0),
  disabled_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index source_by_key on source (tenant_id, key_hash);
alter table source enable row level security;
alter table source force row level security;
create policy tenant_isolation on source
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on source to kizuna_app;

-- What a source sent, by hour of receipt.
create table source_hour (
  tenant_id uuid not null,
  source_id uuid not null,
  hour timestamptz not null,
  accepted integer not null,
  duplicated integer not null,
  rejected integer not null,
  -- Message ids that came again with another body.
  conflicting integer not null,
  primary key (tenant_id, source_id, hour),
  foreign key (tenant_id, source_id) references source (tenant_id, id)
);
alter table source_hour enable row level security;
alter table source_hour force row level security;
create policy tenant_isolation on source_hour
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on source_hour to kizuna_app;

-- One row a company: its settings, and the lock under which its events are processed.
create table ingest_state (
  tenant_id uuid primary key references tenant (id),
  -- Days for which raw events are kept; roll-ups stay.
  retention_days integer not null default 400 check (retention_days between 30 and 3660),
  -- Time zone in which the days of the roll-ups were cut.
  time_zone text,
  updated_at timestamptz not null default now()
);
alter table ingest_state enable row level security;
alter table ingest_state force row level security;
create policy tenant_isolation on ingest_state
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on ingest_state to kizuna_app;

-- Ids of all messages that are kept: what comes again under one of them is not counted again. No foreign keys here and on
-- usage_event: each would cost a look-up a row; sources are never deleted.
create table ingest_message (
  tenant_id uuid not null,
  -- First 128 bits of SHA-256 over source and message id: half the size, and compared as bytes.
  message_key uuid not null,
  -- First 64 bits of SHA-256 over what the message says.
  body_hash bigint not null,
  primary key (tenant_id, message_key)
);
alter table ingest_message enable row level security;
alter table ingest_message force row level security;
create policy tenant_isolation on ingest_message
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on ingest_message to kizuna_app;

-- What arrived, as it arrived. Who it is about is found when it is processed, so rows never change.
create table usage_event (
  tenant_id uuid not null,
  occurred_at timestamptz not null,
  -- The write that stored it (UUIDv7): order of arrival.
  batch_id uuid not null,
  source_id uuid not null,
  message_id text not null,
  type text not null,
  -- u:<user id> or a:<anonymous id>
  person text not null,
  -- Event, page or screen.
  name text,
  -- Company in the product that the message names itself.
  group_id text,
  -- The anonymous id that an identify or alias call names beside the user.
  other_person text,
  -- Properties, or traits.
  properties jsonb,
  context jsonb,
  sent_at timestamptz,
  received_at timestamptz not null,
  -- Place within the batch.
  place smallint not null,
  primary key (tenant_id, batch_id, place, occurred_at)
) partition by range (occurred_at);
-- For what lies before the months that have a partition of their own.
create table usage_event_default partition of usage_event default;
create index usage_event_by_person on usage_event (tenant_id, person, occurred_at);
alter table usage_event enable row level security;
alter table usage_event force row level security;
create policy tenant_isolation on usage_event
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on usage_event to kizuna_app;

-- One row a write: what the processor has still to do.
create table ingest_batch (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  source_id uuid not null,
  received_at timestamptz not null,
  accepted integer not null,
  duplicated integer not null,
  rejected integer not null,
  conflicting integer not null,
  -- Whether it held identify, group or alias calls.
  identity boolean not null,
  -- Between which moments its events occurred; none stored: null.
  first_at timestamptz,
  last_at timestamptz,
  primary key (tenant_id, id)
);
alter table ingest_batch enable row level security;
alter table ingest_batch force row level security;
create policy tenant_isolation on ingest_batch
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on ingest_batch to kizuna_app;

-- What the debugger shows: refused messages, reused ids, and notices about calls that could not be followed wholly.
create table ingest_finding (
  tenant_id uuid not null,
  id uuid not null,
  source_id uuid not null,
  received_at timestamptz not null,
  kind text not null check (kind in ('rejected', 'conflict', 'notice')),
  code text not null,
  -- Where in the message.
  path text,
  message_id text,
  person text,
  -- The message, cut to some kilobytes.
  body text,
  primary key (tenant_id, id),
  foreign key (tenant_id, source_id) references source (tenant_id, id)
);
create index ingest_finding_by_source on ingest_finding (tenant_id, source_id, id);
alter table ingest_finding enable row level security;
alter table ingest_finding force row level security;
create policy tenant_isolation on ingest_finding
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on ingest_finding to kizuna_app;

-- To which user an anonymous id belongs: the earliest call that names both decides.
create table person_link (
  tenant_id uuid not null references tenant (id),
  anonymous text not null,
  person text not null,
  at timestamptz not null,
  message_id text not null,
  primary key (tenant_id, anonymous)
);
create index person_link_by_person on person_link (tenant_id, person);
alter table person_link enable row level security;
alter table person_link force row level security;
create policy tenant_isolation on person_link
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on person_link to kizuna_app;

-- Every group call: an event belongs to the customer of the call before it.
create table membership_call (
  tenant_id uuid not null references tenant (id),
  person text not null,
  at timestamptz not null,
  message_id text not null,
  group_id text not null,
  primary key (tenant_id, person, at, message_id, group_id)
);
alter table membership_call enable row level security;
alter table membership_call force row level security;
create policy tenant_isolation on membership_call
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on membership_call to kizuna_app;

-- Which user said which e-mail address to be theirs, first and last: decides when two say the same.
create table email_claim (
  tenant_id uuid not null references tenant (id),
  email text not null,
  person text not null,
  -- "moment message" of the earliest and of the latest call.
  first_stamp text not null collate "C",
  last_stamp text not null collate "C",
  primary key (tenant_id, person, email)
);
create index email_claim_by_email on email_claim (tenant_id, email);
alter table email_claim enable row level security;
alter table email_claim force row level security;
create policy tenant_isolation on email_claim
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on email_claim to kizuna_app;

-- Use by day, in the company's time zone.
create table usage_daily (
  tenant_id uuid not null,
  person text not null,
  day date not null,
  -- The customer to which the events belong by the calls; all zeros: none is known.
  attributed_id uuid not null,
  -- Event, or page:name, screen:name.
  feature text not null,
  -- The same and the contact, after merges.
  customer_id uuid,
  contact_id uuid,
  events integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (tenant_id, person, day, attributed_id, feature)
) partition by range (day);
create table usage_daily_default partition of usage_daily default;
create index usage_daily_by_customer on usage_daily (tenant_id, customer_id, day);
create index usage_daily_by_contact on usage_daily (tenant_id, contact_id, day);
alter table usage_daily enable row level security;
alter table usage_daily force row level security;
create policy tenant_isolation on usage_daily
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on usage_daily to kizuna_app;

-- Days of persons whose roll-up is to be counted anew.
create table usage_dirty (
  tenant_id uuid not null references tenant (id),
  person text not null,
  day date not null,
  primary key (tenant_id, person, day)
);
alter table usage_dirty enable row level security;
alter table usage_dirty force row level security;
create policy tenant_isolation on usage_dirty
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on usage_dirty to kizuna_app;

-- An address at which the product tells of sign-ups, upgrades and churn, and the secrets with which it signs.
create table webhook_endpoint (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  disabled_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table webhook_endpoint enable row level security;
alter table webhook_endpoint force row level security;
create policy tenant_isolation on webhook_endpoint
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on webhook_endpoint to kizuna_app;

-- Several at a time, so that a secret can be replaced without a gap.
create table webhook_secret (
  tenant_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  box text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, endpoint_id) references webhook_endpoint (tenant_id, id) on delete cascade
);
create index webhook_secret_by_endpoint on webhook_secret (tenant_id, endpoint_id);
alter table webhook_secret enable row level security;
alter table webhook_secret force row level security;
create policy tenant_isolation on webhook_secret
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on webhook_secret to kizuna_app;

-- What was delivered, as it came; its id makes a repetition known.
create table webhook_delivery (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  webhook_id text not null,
  received_at timestamptz not null,
  body text not null,
  -- waiting, done, or refused with the reason in `fault`
  state text not null check (state in ('waiting', 'done', 'refused')),
  fault text,
  primary key (tenant_id, endpoint_id, webhook_id),
  foreign key (tenant_id, endpoint_id) references webhook_endpoint (tenant_id, id) on delete cascade
);
create index webhook_delivery_by_time on webhook_delivery (tenant_id, endpoint_id, received_at desc);
alter table webhook_delivery enable row level security;
alter table webhook_delivery force row level security;
create policy tenant_isolation on webhook_delivery
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on webhook_delivery to kizuna_app;
