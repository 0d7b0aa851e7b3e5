-- What messages are about: marketing can be turned off by who gets it, what belongs to a contract cannot.
create table message_topic (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  name_ja text not null,
  name_en text not null,
  description_ja text not null default '',
  description_en text not null default '',
  kind text not null check (kind in ('marketing', 'transactional')),
  position integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table message_topic enable row level security;
alter table message_topic force row level security;
create policy tenant_isolation on message_topic
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message_topic to kizuna_app;

-- What a contact chose about a topic. No row: as the topic has it.
create table topic_choice (
  tenant_id uuid not null,
  contact_id uuid not null,
  topic_id uuid not null,
  subscribed boolean not null,
  at timestamptz not null,
  -- By whom: the preference page, the one click of a mail program, a colleague.
  via text not null check (via in ('page', 'one_click', 'colleague')),
  primary key (tenant_id, contact_id, topic_id),
  foreign key (tenant_id, topic_id) references message_topic (tenant_id, id) on delete cascade
);
create index topic_choice_by_topic on topic_choice (tenant_id, topic_id);
alter table topic_choice enable row level security;
alter table topic_choice force row level security;
create policy tenant_isolation on topic_choice
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on topic_choice to kizuna_app;

-- Addresses that get nothing, whatever the topic. The index stays when the contact goes.
create table message_suppression (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  address_index bytea not null,
  address_box text not null,
  reason text not null check (reason in ('bounce', 'complaint', 'manual')),
  note text,
  created_by uuid,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, address_index)
);
create index message_suppression_by_age on message_suppression (tenant_id, created_at, id);
alter table message_suppression enable row level security;
alter table message_suppression force row level security;
create policy tenant_isolation on message_suppression
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message_suppression to kizuna_app;

-- What is sent, in versions that do not change.
create table message_template (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  name text not null,
  topic_id uuid,
  state text not null check (state in ('active', 'archived')),
  version integer not null check (version > 0),
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, topic_id) references message_topic (tenant_id, id)
);
alter table message_template enable row level security;
alter table message_template force row level security;
create policy tenant_isolation on message_template
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message_template to kizuna_app;

-- {ja, en}: {subject, preheader, blocks, text} each.
create table message_template_version (
  tenant_id uuid not null,
  template_id uuid not null,
  version integer not null check (version > 0),
  content jsonb not null,
  created_by uuid,
  created_at timestamptz not null,
  primary key (tenant_id, template_id, version),
  foreign key (tenant_id, template_id) references message_template (tenant_id, id) on delete cascade
);
alter table message_template_version enable row level security;
alter table message_template_version force row level security;
create policy tenant_isolation on message_template_version
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on message_template_version to kizuna_app;

-- Blocks that templates share by their key.
create table message_block (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  key text not null,
  name text not null,
  -- {ja, en}: blocks each.
  content jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
alter table message_block enable row level security;
alter table message_block force row level security;
create policy tenant_isolation on message_block
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message_block to kizuna_app;

-- Who messages come from, with the domain that vouches for it.
create table message_sender (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  local_part text not null,
  domain text not null,
  reply_to text,
  -- Messages a minute; none: as many as the server takes.
  per_minute integer check (per_minute > 0),
  dkim_selector text,
  dkim_public text,
  dkim_box text,
  checked_at timestamptz,
  -- [{kind, state, found}]
  checks jsonb not null default '[]',
  is_default boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, domain, local_part)
);
create unique index message_sender_default on message_sender (tenant_id) where is_default;
alter table message_sender enable row level security;
alter table message_sender force row level security;
create policy tenant_isolation on message_sender
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message_sender to kizuna_app;

-- How many messages a sender was given in its current minute. All zeros: the sender of the installation.
create table message_pace (
  tenant_id uuid not null references tenant (id),
  sender_id uuid not null,
  minute timestamptz not null,
  used integer not null,
  primary key (tenant_id, sender_id)
);
alter table message_pace enable row level security;
alter table message_pace force row level security;
create policy tenant_isolation on message_pace
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message_pace to kizuna_app;

-- No row: as the product has it.
create table message_settings (
  tenant_id uuid not null references tenant (id),
  open_tracking boolean not null,
  click_tracking boolean not null,
  -- Marketing also to those whose consent is not known.
  without_consent boolean not null,
  -- Stands at the end of every message.
  postal_address text not null,
  -- A schedule that is later than so many hours asks instead of sending.
  late_hours smallint not null check (late_hours between 1 and 168),
  updated_at timestamptz not null,
  primary key (tenant_id)
);
alter table message_settings enable row level security;
alter table message_settings force row level security;
create policy tenant_isolation on message_settings
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on message_settings to kizuna_app;

-- A template to an audience, once.
create table campaign (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  template_id uuid not null,
  -- Fixed at the start.
  template_version integer,
  topic_id uuid not null,
  sender_id uuid,
  -- {kind: segment, id} or {kind: condition, condition}
  audience jsonb not null,
  state text not null check (state in ('draft', 'scheduled', 'late', 'preparing', 'sending', 'paused', 'finished', 'cancelled')),
  -- Why it rests where nobody paused it: restored.
  hold text,
  scheduled_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  fault text,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, template_id) references message_template (tenant_id, id),
  foreign key (tenant_id, topic_id) references message_topic (tenant_id, id),
  foreign key (tenant_id, sender_id) references message_sender (tenant_id, id)
);
create index campaign_by_age on campaign (tenant_id, created_at desc, id desc);
create index campaign_active on campaign (tenant_id, scheduled_at) where state in ('scheduled', 'preparing', 'sending');
create index campaign_by_template on campaign (tenant_id, template_id);
create index campaign_by_topic on campaign (tenant_id, topic_id);
create index campaign_by_sender on campaign (tenant_id, sender_id) where sender_id is not null;
alter table campaign enable row level security;
alter table campaign force row level security;
create policy tenant_isolation on campaign
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on campaign to kizuna_app;

-- The outbox: a row a recipient and cause. Address and content are not kept: the address is the contact's when it is sent,
-- the content follows from the version. No foreign keys to contacts and causes: a look-up a row.
create table message (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- Of the same key there is one message.
  key text not null,
  source_kind text not null check (source_kind in ('campaign', 'flow', 'test')),
  source_id uuid not null,
  step_key text not null default '',
  contact_id uuid not null,
  template_id uuid not null,
  template_version integer not null,
  topic_id uuid not null,
  sender_id uuid,
  -- What the cause says beside the records; emptied when it is sent.
  variables jsonb not null default '{}',
  address_index bytea,
  state text not null check (state in ('pending', 'sending', 'accepted', 'failed', 'suppressed', 'uncertain', 'kept')),
  -- Why it is suppressed, or failed.
  reason text,
  last_error text,
  attempts smallint not null default 0,
  lease bigint not null default 0,
  lease_until timestamptz,
  next_at timestamptz not null,
  queued_at timestamptz not null,
  accepted_at timestamptz,
  delivered_at timestamptz,
  -- The first by a person.
  opened_at timestamptz,
  clicked_at timestamptz,
  converted_at timestamptz,
  unsubscribed_at timestamptz,
  bounced_at timestamptz,
  complained_at timestamptz,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
) with (fillfactor = 70);
create index message_to_send on message (tenant_id, sender_id, next_at) where state = 'pending';
create index message_in_sending on message (tenant_id, lease_until) where state = 'sending';
create index message_by_source on message (tenant_id, source_kind, source_id, state);
create index message_by_contact on message (tenant_id, contact_id, queued_at);
create index message_by_address on message (tenant_id, address_index, queued_at) where address_index is not null;
create index message_by_template on message (tenant_id, template_id);
alter table message enable row level security;
alter table message force row level security;
create policy tenant_isolation on message
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message to kizuna_app;

-- Where links in messages lead: never said by the address that is clicked.
create table message_link (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  target_hash bytea not null,
  target text not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, target_hash)
);
alter table message_link enable row level security;
alter table message_link force row level security;
create policy tenant_isolation on message_link
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on message_link to kizuna_app;

-- What became of messages: by persons, by scanners (marked, not left out), by providers.
create table message_event (
  tenant_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  kind text not null check (kind in ('open', 'click', 'unsubscribe', 'delivery', 'bounce', 'complaint')),
  at timestamptz not null,
  link_id uuid,
  -- Why it was no person: agent, prompt, head.
  machine text,
  agent text,
  detail text,
  -- Id of the provider: what is told twice counts once.
  external_id text,
  primary key (tenant_id, id),
  foreign key (tenant_id, message_id) references message (tenant_id, id) on delete cascade
);
create index message_event_by_message on message_event (tenant_id, message_id, at);
create unique index message_event_external on message_event (tenant_id, external_id) where external_id is not null;
alter table message_event enable row level security;
alter table message_event force row level security;
create policy tenant_isolation on message_event
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on message_event to kizuna_app;

-- Who tells of bounces and complaints, and how its word is known.
create table mail_provider (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  kind text not null check (kind in ('ses', 'sendgrid')),
  name text not null,
  -- Of SES the ARN of its topic, of SendGrid the public key.
  credential text not null,
  confirmed_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
alter table mail_provider enable row level security;
alter table mail_provider force row level security;
create policy tenant_isolation on mail_provider
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on mail_provider to kizuna_app;

-- The newest preview of each member, to be shown in a frame.
create table message_preview (
  tenant_id uuid not null references tenant (id),
  owner_id uuid not null,
  id uuid not null,
  html text not null,
  created_at timestamptz not null,
  primary key (tenant_id, owner_id)
);
alter table message_preview enable row level security;
alter table message_preview force row level security;
create policy tenant_isolation on message_preview
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on message_preview to kizuna_app;
