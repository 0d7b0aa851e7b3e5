-- Where notices go besides people: a Slack channel, a Teams channel, a program, telephones.
create table notice_channel (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- Name in rules and blueprints; stays when the channel is renamed.
  key text not null check (key ~ '^[a-z0-9][a-z0-9_-]{0,60}$'),
  name text not null,
  kind text not null check (kind in ('slack', 'slack_api', 'teams', 'webhook', 'sms')),
  -- Address, token, secret, telephone numbers: JSON, encrypted.
  box text not null,
  -- What of it may be shown: the host, the Slack channel, how many numbers.
  shown text not null,
  -- What comes here by itself; other notices come where a rule names the channel.
  topics text[] not null default '{}',
  severity text not null default 'low' check (severity in ('low', 'medium', 'high', 'critical')),
  enabled boolean not null default true,
  last_sent_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table notice_channel enable row level security;
alter table notice_channel force row level security;
create policy tenant_isolation on notice_channel
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on notice_channel to kizuna_app;

-- What the product told somebody, once for all who are told. The key makes that it is told once.
create table notice (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  topic text not null,
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  subject_kind text,
  subject_id uuid,
  title_ja text not null,
  title_en text not null,
  text_ja text not null,
  text_en text not null,
  -- Path of the page that it is about.
  link text not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
create index notice_by_age on notice (tenant_id, created_at);
alter table notice enable row level security;
alter table notice force row level security;
create policy tenant_isolation on notice
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on notice to kizuna_app;

-- Each way on which a notice goes to each receiver, also those on which it does not go, with the reason.
create table notice_delivery (
  tenant_id uuid not null,
  id uuid not null,
  notice_id uuid not null,
  way text not null check (way in ('in_app', 'mail', 'channel')),
  -- A member, or a channel. No foreign key: they leave, the log stays.
  recipient_id uuid not null,
  state text not null check (state in ('waiting', 'held', 'sending', 'sent', 'failed', 'skipped')),
  -- Why it is held or was not sent.
  reason text check (reason in ('preference', 'digest', 'quiet_hours', 'no_address', 'channel_disabled', 'channel_deleted', 'member_left')),
  held_until timestamptz,
  attempts smallint not null default 0,
  lease_until timestamptz,
  error text,
  -- The mail in the outbox, which knows how it went on.
  mail_id uuid,
  read_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, notice_id, way, recipient_id),
  foreign key (tenant_id, notice_id) references notice (tenant_id, id) on delete cascade
);
create index notice_delivery_by_age on notice_delivery (tenant_id, created_at, id);
create index notice_delivery_inbox on notice_delivery (tenant_id, recipient_id, created_at, id) where way = 'in_app';
create index notice_delivery_unread on notice_delivery (tenant_id, recipient_id) where way = 'in_app' and state = 'sent' and read_at is null;
create index notice_delivery_held on notice_delivery (tenant_id, held_until) where state = 'held';
alter table notice_delivery enable row level security;
alter table notice_delivery force row level security;
create policy tenant_isolation on notice_delivery
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on notice_delivery to kizuna_app;

-- What a person wants to be told, and how. No row: as the product has it (preference.ts).
create table notice_preference (
  tenant_id uuid not null,
  member_id uuid not null,
  topic text not null,
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  in_app boolean not null,
  mail text not null check (mail in ('now', 'digest', 'off')),
  primary key (tenant_id, member_id, topic, severity),
  foreign key (tenant_id, member_id) references member (tenant_id, id) on delete cascade
);
alter table notice_preference enable row level security;
alter table notice_preference force row level security;
create policy tenant_isolation on notice_preference
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on notice_preference to kizuna_app;

-- When a person wants mails, in minutes of their own day.
create table notice_times (
  tenant_id uuid not null,
  member_id uuid not null,
  digest_at smallint not null check (digest_at between 0 and 1439),
  quiet_from smallint check (quiet_from between 0 and 1439),
  quiet_to smallint check (quiet_to between 0 and 1439),
  -- 1 Monday to 7 Sunday.
  working_days smallint[] not null,
  japanese_holidays boolean not null,
  critical_passes boolean not null,
  updated_at timestamptz not null,
  primary key (tenant_id, member_id),
  check ((quiet_from is null) = (quiet_to is null)),
  foreign key (tenant_id, member_id) references member (tenant_id, id) on delete cascade
);
alter table notice_times enable row level security;
alter table notice_times force row level security;
create policy tenant_isolation on notice_times
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on notice_times to kizuna_app;

-- What the company wants to be warned of.
create table alert_rule (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null check (key ~ '^[a-z0-9][a-z0-9_-]{0,60}$'),
  name_ja text not null,
  name_en text not null,
  -- What to do about it.
  advice_ja text not null default '',
  advice_en text not null default '',
  state text not null check (state in ('draft', 'enabled', 'paused', 'archived')),
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  topic text not null,
  trigger jsonb not null,
  -- What its trigger is worked out from (FactKind), so that it is known when to look again.
  facts text[] not null default '{}',
  due_hours integer check (due_hours between 1 and 8760),
  routing jsonb not null,
  -- Members are told at once, or by their daily digest.
  pace text not null default 'now' check (pace in ('now', 'digest')),
  may_snooze boolean not null default true,
  closes_itself boolean not null default true,
  evaluated_at timestamptz,
  -- Why it cannot be worked out.
  fault text,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table alert_rule enable row level security;
alter table alert_rule force row level security;
create policy tenant_isolation on alert_rule
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on alert_rule to kizuna_app;

-- Episodes: an alert opens when its rule begins to hold for its subject and ends when it has been closed and the rule holds no more.
create table alert (
  tenant_id uuid not null,
  id uuid not null,
  rule_id uuid not null,
  -- The customer, or the company itself.
  subject_id uuid not null,
  customer_id uuid,
  state text not null check (state in ('open', 'acknowledged', 'snoozed', 'closed')),
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  -- 1 critical to 4 low.
  rank smallint not null,
  -- The member who has to see to it. No foreign key: members leave, history stays.
  owner_id uuid,
  due_at timestamptz,
  value double precision,
  -- What caused it, in words: [{ja, en}].
  facts jsonb not null default '[]',
  -- How often its event happened again.
  repeats integer not null default 0,
  opened_at timestamptz not null,
  -- Since when the rule holds no more, while it waits for a person.
  cleared_at timestamptz,
  snoozed_until timestamptz,
  closed_at timestamptz,
  closed_by uuid,
  close_reason text check (close_reason in ('resolved', 'condition_ended', 'rule_archived', 'customer_merged')),
  ended_at timestamptz,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  check ((state = 'closed') = (closed_at is not null)),
  check (ended_at is null or closed_at is not null),
  foreign key (tenant_id, rule_id) references alert_rule (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create unique index alert_episode on alert (tenant_id, rule_id, subject_id) where ended_at is null;
create index alert_open on alert (tenant_id, rank, due_at, id) where closed_at is null;
create index alert_by_owner on alert (tenant_id, owner_id, rank) where closed_at is null;
create index alert_by_customer on alert (tenant_id, customer_id, opened_at);
create index alert_snoozed on alert (tenant_id, rule_id, subject_id, snoozed_until) where snoozed_until is not null;
create index alert_closed on alert (tenant_id, closed_at, id) where closed_at is not null;
alter table alert enable row level security;
alter table alert force row level security;
create policy tenant_isolation on alert
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on alert to kizuna_app;

-- What happened to an alert, and who did it.
create table alert_step (
  tenant_id uuid not null,
  id uuid not null,
  alert_id uuid not null,
  at timestamptz not null,
  kind text not null check (kind in ('opened', 'repeated', 'cleared', 'acknowledged', 'assigned', 'snoozed', 'woke', 'note', 'resolved', 'reopened', 'closed')),
  actor_id uuid,
  actor_kind text not null,
  note text,
  -- The member it was assigned to, the moment until which it sleeps, the reason of the end.
  details jsonb not null default '{}',
  primary key (tenant_id, id),
  foreign key (tenant_id, alert_id) references alert (tenant_id, id) on delete cascade
);
create index alert_step_by_alert on alert_step (tenant_id, alert_id, at, id);
alter table alert_step enable row level security;
alter table alert_step force row level security;
create policy tenant_isolation on alert_step
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on alert_step to kizuna_app;
