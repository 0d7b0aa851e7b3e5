-- The company that buys; in a self-serve product it may be one person.
create table customer (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- The id in the product or the source system; what group calls and imports go by.
  external_id text,
  name text not null,
  website text,
  industry text,
  employee_count integer check (employee_count >= 0),
  region text,
  language text,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  plan text,
  segment text,
  status text not null check (status in ('ACTIVE', 'ONBOARDING', 'AT_RISK', 'CHURNED', 'PAUSED')),
  churned_on date,
  churn_reason text,
  -- Key of one of the tenant's tiers, and what it is called in the API of record.
  tier_key text,
  tier text check (tier in ('ENTERPRISE', 'MID_MARKET', 'SMALL_BUSINESS', 'TRIAL')),
  -- Set by a person: the rule leaves it alone.
  tier_pinned boolean not null default false,
  -- The member who is its CSM. No foreign key: members leave, history stays.
  owner_id uuid,
  executive_sponsor text,
  contract_start date,
  contract_end date,
  renewal_on date,
  -- Recurring revenue of the running contracts, in the customer's currency; follows the ledger.
  mrr numeric(16, 2) not null default 0,
  arr numeric(16, 2) generated always as (mrr * 12) stored,
  -- The same for sorting and filtering: comparisons of numeric are not leakproof, so under row-level security no index
  -- serves them.
  arr_order double precision generated always as ((mrr * 12)::double precision) stored,
  lifetime_value numeric(16, 2),
  licence_count integer check (licence_count >= 0),
  health_score real check (health_score between 0 and 100),
  health_level text check (health_level in ('POOR', 'FAIR', 'GOOD', 'EXCELLENT')),
  health_trend text not null default 'UNKNOWN' check (health_trend in ('IMPROVING', 'STABLE', 'DECLINING', 'UNKNOWN')),
  health_scored_at timestamptz,
  churn_risk text check (churn_risk in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
  churn_score real check (churn_score between 0 and 100),
  last_contact_at timestamptz,
  -- Last sign of use in the product.
  last_seen_at timestamptz,
  parent_id uuid,
  -- Values of the tenant's own attributes, by key.
  attributes jsonb not null default '{}',
  -- What the product said of it that no field or attribute takes.
  traits jsonb not null default '{}',
  -- When each field was last said, "moment message": a late message does not undo a newer one.
  field_times jsonb not null default '{}',
  origin text not null check (origin in ('person', 'api', 'import', 'ingest', 'webhook', 'demo')),
  import_id uuid,
  -- The record that took this one over.
  merged_into uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, parent_id) references customer (tenant_id, id),
  foreign key (tenant_id, merged_into) references customer (tenant_id, id)
);
create unique index customer_by_external_id on customer (tenant_id, external_id);
create index customer_by_name on customer (tenant_id, name, id) where merged_into is null;
create index customer_by_arr on customer (tenant_id, arr_order, id) where merged_into is null;
create index customer_by_health on customer (tenant_id, health_score, id) where merged_into is null;
create index customer_by_renewal on customer (tenant_id, renewal_on, id) where merged_into is null;
create index customer_by_last_contact on customer (tenant_id, last_contact_at, id) where merged_into is null;
create index customer_by_owner on customer (tenant_id, owner_id, arr_order, id) where merged_into is null;
create index customer_by_status on customer (tenant_id, status, arr_order, id) where merged_into is null;
create index customer_by_tier on customer (tenant_id, tier_key, arr_order, id) where merged_into is null;
create index customer_by_age on customer (tenant_id, created_at, id) where merged_into is null;
create index customer_by_parent on customer (tenant_id, parent_id) where parent_id is not null;
create index customer_by_import on customer (tenant_id, import_id) where import_id is not null;
create index customer_merged on customer (tenant_id, merged_into) where merged_into is not null;
alter table customer enable row level security;
alter table customer force row level security;
create policy tenant_isolation on customer
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on customer to kizuna_app;

-- Domains of a customer, for matching e-mail addresses and finding duplicates.
create table customer_domain (
  tenant_id uuid not null,
  domain text not null check (domain = lower(domain)),
  customer_id uuid not null,
  primary key (tenant_id, domain, customer_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index customer_domain_by_customer on customer_domain (tenant_id, customer_id);
alter table customer_domain enable row level security;
alter table customer_domain force row level security;
create policy tenant_isolation on customer_domain
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on customer_domain to kizuna_app;

-- Who looked after it, its tier and its status, from when to when.
create table customer_history (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  at timestamptz not null,
  field text not null check (field in ('owner', 'tier', 'status', 'parent')),
  from_value text,
  to_value text,
  -- rule, person, api, import, ingest, webhook, merge, member_left, demo
  cause text not null,
  -- Member or API key behind it.
  actor_id uuid,
  -- One hand-over of several customers.
  batch_id uuid,
  note text,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index customer_history_by_customer on customer_history (tenant_id, customer_id, at desc, id);
create index customer_history_by_batch on customer_history (tenant_id, batch_id) where batch_id is not null;
alter table customer_history enable row level security;
alter table customer_history force row level security;
create policy tenant_isolation on customer_history
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on customer_history to kizuna_app;

-- The tiers of a company and the rule that assigns them; without a row the preset in the program counts.
create table tier_model (
  tenant_id uuid primary key references tenant (id),
  -- The preset it began with.
  preset text not null,
  -- What the rule looks at: annual_revenue, monthly_revenue, plan or licences.
  measure text not null check (measure in ('annual_revenue', 'monthly_revenue', 'plan', 'licences')),
  currency text not null,
  -- Lowest tier first: key, words, minimum or plans, service promises.
  tiers jsonb not null,
  -- What one unit of another currency is worth in this one, for the rule only.
  rates jsonb not null default '{}',
  updated_at timestamptz not null default now()
);
alter table tier_model enable row level security;
alter table tier_model force row level security;
create policy tenant_isolation on tier_model
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on tier_model to kizuna_app;

-- A person at a customer, or a lead with no customer yet.
create table contact (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid,
  external_id text,
  email text check (email = lower(email)),
  name text not null,
  -- Role in the purchase or the work: developer, manager, CTO ...
  role text,
  title text,
  phone text,
  company text,
  language text,
  lifecycle_stage text,
  plan text,
  -- What they mean for us: sponsor, champion, decision maker, technical, day to day, user.
  stakeholder_role text check (stakeholder_role in ('SPONSOR', 'CHAMPION', 'DECISION_MAKER', 'TECHNICAL', 'DAY_TO_DAY', 'USER')),
  sentiment text check (sentiment in ('POSITIVE', 'NEUTRAL', 'NEGATIVE')),
  left_on date,
  email_consent text not null default 'UNKNOWN' check (email_consent in ('UNKNOWN', 'GRANTED', 'DENIED')),
  email_state text not null default 'SUBSCRIBED' check (email_state in ('SUBSCRIBED', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED')),
  lead_score numeric(8, 2),
  signed_up_at timestamptz,
  upgraded_at timestamptz,
  last_login_at timestamptz,
  last_seen_at timestamptz,
  dau_mau numeric(5, 4) check (dau_mau between 0 and 1),
  features_used integer,
  nps smallint check (nps between 0 and 10),
  csat numeric(4, 2) check (csat between 1 and 5),
  webinars_attended integer not null default 0,
  community_posts integer not null default 0,
  ticket_count integer not null default 0,
  loyalty_points integer not null default 0,
  last_csm_contact_at timestamptz,
  last_email_at timestamptz,
  next_follow_up date,
  notes text,
  attributes jsonb not null default '{}',
  traits jsonb not null default '{}',
  field_times jsonb not null default '{}',
  origin text not null check (origin in ('person', 'api', 'import', 'ingest', 'webhook', 'demo')),
  import_id uuid,
  merged_into uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id),
  foreign key (tenant_id, merged_into) references contact (tenant_id, id)
);
create unique index contact_by_email on contact (tenant_id, email);
create unique index contact_by_external_id on contact (tenant_id, external_id);
create index contact_by_customer on contact (tenant_id, customer_id, id);
create index contact_by_name on contact (tenant_id, name, id) where merged_into is null;
create index contact_by_age on contact (tenant_id, created_at, id) where merged_into is null;
create index contact_by_last_seen on contact (tenant_id, last_seen_at, id) where merged_into is null;
create index contact_by_import on contact (tenant_id, import_id) where import_id is not null;
create index contact_merged on contact (tenant_id, merged_into) where merged_into is not null;
alter table contact enable row level security;
alter table contact force row level security;
create policy tenant_isolation on contact
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on contact to kizuna_app;

-- Three-letter pieces of names, addresses and ids (decision 0002).
create table search_piece (
  tenant_id uuid not null references tenant (id),
  kind text not null check (kind in ('customer', 'contact')),
  piece text collate "C" not null,
  record_id uuid not null,
  primary key (tenant_id, kind, piece, record_id)
);
create index search_piece_by_record on search_piece (tenant_id, kind, record_id);
alter table search_piece enable row level security;
alter table search_piece force row level security;
create policy tenant_isolation on search_piece
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on search_piece to kizuna_app;

create table tag (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
alter table tag enable row level security;
alter table tag force row level security;
create policy tenant_isolation on tag
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on tag to kizuna_app;

create table customer_tag (
  tenant_id uuid not null,
  customer_id uuid not null,
  tag_id uuid not null,
  primary key (tenant_id, customer_id, tag_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, tag_id) references tag (tenant_id, id) on delete cascade
);
create index customer_tag_by_tag on customer_tag (tenant_id, tag_id, customer_id);
alter table customer_tag enable row level security;
alter table customer_tag force row level security;
create policy tenant_isolation on customer_tag
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on customer_tag to kizuna_app;

create table contact_tag (
  tenant_id uuid not null,
  contact_id uuid not null,
  tag_id uuid not null,
  primary key (tenant_id, contact_id, tag_id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade,
  foreign key (tenant_id, tag_id) references tag (tenant_id, id) on delete cascade
);
create index contact_tag_by_tag on contact_tag (tenant_id, tag_id, contact_id);
alter table contact_tag enable row level security;
alter table contact_tag force row level security;
create policy tenant_isolation on contact_tag
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on contact_tag to kizuna_app;

-- Fields that a company adds to its customers and contacts.
create table attribute (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  record text not null check (record in ('customer', 'contact')),
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  label text not null,
  type text not null check (type in ('text', 'number', 'boolean', 'date', 'one_of', 'many_of')),
  -- The choices of one_of and many_of, in their order.
  options jsonb not null default '[]',
  description text,
  -- An import that brought it along; undoing the import removes it where nobody else used it.
  import_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, record, key)
);
alter table attribute enable row level security;
alter table attribute force row level security;
create policy tenant_isolation on attribute
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on attribute to kizuna_app;

create table saved_view (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  screen text not null check (screen in ('customers', 'contacts')),
  name text not null,
  owner_id uuid not null,
  shared boolean not null default false,
  -- Filter, sort, columns: what stands in the address of the screen.
  definition jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index saved_view_by_screen on saved_view (tenant_id, screen, name);
alter table saved_view enable row level security;
alter table saved_view force row level security;
create policy tenant_isolation on saved_view
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on saved_view to kizuna_app;

create table contract (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  external_id text,
  -- The one that stands for revenue given without a contract.
  standing boolean not null default false,
  -- A standing one that gave way to a contract of its own customer.
  superseded boolean not null default false,
  plan text,
  amount numeric(16, 2) not null check (amount >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  interval text not null check (interval in ('MONTH', 'QUARTER', 'YEAR', 'ONE_TIME')),
  starts_on date not null,
  ends_on date,
  renews_on date,
  auto_renew boolean not null default false,
  status text not null check (status in ('DRAFT', 'ACTIVE', 'ENDED', 'CANCELLED')),
  licence_count integer check (licence_count >= 0),
  import_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  -- The last day; the day before the start: it never ran.
  check (ends_on is null or ends_on >= starts_on - 1)
);
create unique index contract_by_external_id on contract (tenant_id, external_id);
create index contract_by_customer on contract (tenant_id, customer_id, starts_on desc);
create unique index contract_standing on contract (tenant_id, customer_id) where standing;
create index contract_by_import on contract (tenant_id, import_id) where import_id is not null;
alter table contract enable row level security;
alter table contract force row level security;
create policy tenant_isolation on contract
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on contract to kizuna_app;

-- What a contract is worth from which day on. Its end is not here: it follows from the contract.
create table contract_term (
  tenant_id uuid not null,
  contract_id uuid not null,
  customer_id uuid not null,
  effective_on date not null,
  -- Monthly recurring revenue from this day on, in the contract's currency.
  mrr numeric(16, 2) not null,
  primary key (tenant_id, contract_id, effective_on),
  foreign key (tenant_id, contract_id) references contract (tenant_id, id) on delete cascade
);
create index contract_term_by_customer on contract_term (tenant_id, customer_id, effective_on);
alter table contract_term enable row level security;
alter table contract_term force row level security;
create policy tenant_isolation on contract_term
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on contract_term to kizuna_app;

-- The ledger of recurring revenue. It follows from the contract terms, so that NRR and GRR of any past month can be
-- computed again; rewritten for a customer whose terms change.
create table revenue_movement (
  tenant_id uuid not null,
  customer_id uuid not null,
  occurred_on date not null,
  contract_id uuid not null,
  currency text not null,
  kind text not null check (kind in ('NEW', 'EXPANSION', 'CONTRACTION', 'CHURN', 'REACTIVATION')),
  -- Change of the monthly recurring revenue, and the customer's total in this currency after it.
  amount numeric(16, 2) not null,
  mrr_after numeric(16, 2) not null,
  primary key (tenant_id, customer_id, occurred_on, contract_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index revenue_movement_by_day on revenue_movement (tenant_id, occurred_on, kind);
alter table revenue_movement enable row level security;
alter table revenue_movement force row level security;
create policy tenant_isolation on revenue_movement
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on revenue_movement to kizuna_app;

create table ticket (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid,
  contact_id uuid,
  external_id text,
  -- The system it came from: zendesk, intercom, import ...
  source text not null,
  subject text not null,
  priority text not null check (priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT')),
  status text not null check (status in ('OPEN', 'PENDING', 'ON_HOLD', 'RESOLVED', 'CLOSED')),
  opened_at timestamptz not null,
  first_response_at timestamptz,
  resolved_at timestamptz,
  satisfaction smallint check (satisfaction between 1 and 5),
  import_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, contact_id) references contact (tenant_id, id)
);
create unique index ticket_by_external_id on ticket (tenant_id, source, external_id);
create index ticket_by_customer on ticket (tenant_id, customer_id, opened_at desc, id);
create index ticket_by_contact on ticket (tenant_id, contact_id);
create index ticket_by_import on ticket (tenant_id, import_id) where import_id is not null;
alter table ticket enable row level security;
alter table ticket force row level security;
create policy tenant_isolation on ticket
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on ticket to kizuna_app;

create table invoice (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  contract_id uuid,
  external_id text,
  number text,
  amount numeric(16, 2) not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  issued_on date not null,
  due_on date not null,
  paid_on date,
  status text not null check (status in ('OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE')),
  failed_attempts integer not null default 0 check (failed_attempts >= 0),
  import_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, contract_id) references contract (tenant_id, id)
);
create unique index invoice_by_external_id on invoice (tenant_id, external_id);
create index invoice_by_customer on invoice (tenant_id, customer_id, issued_on desc, id);
create index invoice_by_contract on invoice (tenant_id, contract_id) where contract_id is not null;
create index invoice_unpaid on invoice (tenant_id, due_on) where status = 'OPEN';
create index invoice_by_import on invoice (tenant_id, import_id) where import_id is not null;
alter table invoice enable row level security;
alter table invoice force row level security;
create policy tenant_isolation on invoice
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on invoice to kizuna_app;

create table payment (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  invoice_id uuid,
  external_id text,
  amount numeric(16, 2) not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  attempted_at timestamptz not null,
  outcome text not null check (outcome in ('SUCCEEDED', 'FAILED', 'REFUNDED')),
  method text,
  failure_reason text,
  import_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
);
create unique index payment_by_external_id on payment (tenant_id, external_id);
create index payment_by_customer on payment (tenant_id, customer_id, attempted_at desc, id);
create index payment_by_invoice on payment (tenant_id, invoice_id) where invoice_id is not null;
create index payment_by_import on payment (tenant_id, import_id) where import_id is not null;
alter table payment enable row level security;
alter table payment force row level security;
create policy tenant_isolation on payment
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on payment to kizuna_app;

create table survey_answer (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid,
  contact_id uuid,
  external_id text,
  survey text,
  kind text not null check (kind in ('NPS', 'CSAT', 'CES')),
  -- NPS 0 to 10, CSAT 1 to 5, CES 1 to 7.
  score numeric(4, 2) not null,
  comment text,
  answered_at timestamptz not null,
  import_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade,
  foreign key (tenant_id, contact_id) references contact (tenant_id, id),
  check (case kind when 'NPS' then score between 0 and 10 when 'CSAT' then score between 1 and 5 else score between 1 and 7 end)
);
create unique index survey_answer_by_external_id on survey_answer (tenant_id, external_id);
create index survey_answer_by_customer on survey_answer (tenant_id, customer_id, answered_at desc, id);
create index survey_answer_by_contact on survey_answer (tenant_id, contact_id, kind, answered_at desc);
create index survey_answer_by_import on survey_answer (tenant_id, import_id) where import_id is not null;
alter table survey_answer enable row level security;
alter table survey_answer force row level security;
create policy tenant_isolation on survey_answer
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on survey_answer to kizuna_app;

-- E-mails, calls, meetings, Slack messages and notes.
create table communication (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('EMAIL', 'CALL', 'MEETING', 'SLACK', 'NOTE')),
  direction text check (direction in ('INBOUND', 'OUTBOUND')),
  occurred_at timestamptz not null,
  duration_minutes integer check (duration_minutes between 0 and 10080),
  subject text,
  body text not null,
  -- Contacts who took part.
  contact_ids uuid[] not null default '{}',
  -- The colleague who wrote it down.
  author_id uuid,
  external_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create unique index communication_by_external_id on communication (tenant_id, external_id);
create index communication_by_customer on communication (tenant_id, customer_id, occurred_at desc, id);
alter table communication enable row level security;
alter table communication force row level security;
create policy tenant_isolation on communication
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on communication to kizuna_app;

create table success_profile (
  tenant_id uuid not null,
  customer_id uuid not null,
  business_objectives jsonb not null default '[]',
  success_criteria jsonb not null default '[]',
  -- [{name, unit, baseline, target, current}]
  value_metrics jsonb not null default '[]',
  onboarding_status text not null default 'NOT_STARTED' check (onboarding_status in ('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'ON_HOLD', 'CANCELLED')),
  onboarding_started_on date,
  onboarding_target_on date,
  onboarding_completed_on date,
  -- First day on which the customer had the value that it bought for.
  first_value_on date,
  integration_status text not null default 'NOT_STARTED' check (integration_status in ('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'FAILED')),
  data_migration_status text not null default 'NOT_STARTED' check (data_migration_status in ('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'FAILED')),
  -- Percent.
  training_completion numeric(5, 2) check (training_completion between 0 and 100),
  adoption_rate numeric(5, 2) check (adoption_rate between 0 and 100),
  nps numeric(5, 2) check (nps between -100 and 100),
  csat numeric(4, 2) check (csat between 1 and 5),
  ces numeric(4, 2) check (ces between 1 and 7),
  annual_revenue numeric(16, 2),
  lifetime_value numeric(16, 2),
  expansion_probability numeric(5, 2) check (expansion_probability between 0 and 100),
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, customer_id),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id) on delete cascade
);
create index success_profile_by_expansion on success_profile (tenant_id, expansion_probability desc) where expansion_probability > 50;
alter table success_profile enable row level security;
alter table success_profile force row level security;
create policy tenant_isolation on success_profile
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on success_profile to kizuna_app;

-- Merges of duplicates; each can be undone for 30 days.
create table record_merge (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  record text not null check (record in ('customer', 'contact')),
  kept_id uuid not null,
  merged_id uuid not null,
  merged_at timestamptz not null,
  merged_by uuid,
  undone_at timestamptz,
  -- What moved, by table, and the kept record as it was: what undoing needs.
  moved jsonb not null,
  before jsonb not null,
  primary key (tenant_id, id)
);
create index record_merge_by_time on record_merge (tenant_id, merged_at desc, id);
create index record_merge_by_kept on record_merge (tenant_id, kept_id);
create index record_merge_by_merged on record_merge (tenant_id, merged_id);
alter table record_merge enable row level security;
alter table record_merge force row level security;
create policy tenant_isolation on record_merge
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on record_merge to kizuna_app;

-- Pairs that somebody said are no duplicates: not suggested again.
create table distinct_pair (
  tenant_id uuid not null references tenant (id),
  record text not null check (record in ('customer', 'contact')),
  first_id uuid not null,
  second_id uuid not null,
  decided_at timestamptz not null default now(),
  primary key (tenant_id, record, first_id, second_id),
  check (first_id < second_id)
);
alter table distinct_pair enable row level security;
alter table distinct_pair force row level security;
create policy tenant_isolation on distinct_pair
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on distinct_pair to kizuna_app;
