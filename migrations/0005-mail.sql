-- The outbox of system mails (verify, reset, invite): a local table, as they belong to people rather than to a tenant.
-- Recipient and content are encrypted: they hold addresses and one-time links.
create table system_mail (
  id uuid primary key,
  kind text not null,
  recipient_index bytea not null,
  recipient_box text not null,
  content_box text not null,
  message_id text not null,
  state text not null default 'pending' check (state in ('pending', 'sending', 'accepted', 'failed', 'suppressed', 'uncertain', 'kept')),
  attempts smallint not null default 0,
  next_at timestamptz not null default now(),
  lease bigint not null default 0,
  lease_until timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index system_mail_by_age on system_mail (created_at desc, id desc);
create index system_mail_unfinished on system_mail (next_at) where state in ('pending', 'sending');
grant select, insert, update, delete on system_mail to kizuna_app;

create table mail_suppression (
  recipient_index bytea primary key,
  reason text not null check (reason in ('bounce', 'complaint', 'manual')),
  created_at timestamptz not null default now()
);
grant select, insert, delete on mail_suppression to kizuna_app;
