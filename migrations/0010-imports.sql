-- A way of reading files that come again: where their columns go.
create table import_mapping (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('customers', 'contacts', 'contracts', 'usage', 'tickets', 'invoices', 'payments', 'survey_answers')),
  mapping jsonb not null,
  -- Sub-folder that is watched; none: files come by the API only.
  folder text check (folder ~ '^[a-z0-9][a-z0-9_-]{0,59}$'),
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
create unique index import_mapping_by_folder on import_mapping (tenant_id, folder);
alter table import_mapping enable row level security;
alter table import_mapping force row level security;
create policy tenant_isolation on import_mapping
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on import_mapping to kizuna_app;

-- A file that is or was imported.
create table data_import (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  kind text not null check (kind in ('customers', 'contacts', 'contracts', 'usage', 'tickets', 'invoices', 'payments', 'survey_answers')),
  file_name text not null,
  source text not null check (source in ('page', 'api', 'folder', 'terminal')),
  size bigint not null check (size > 0),
  received bigint not null default 0,
  state text not null check (state in ('uploading', 'ready', 'queued', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone')),
  -- What the latest run was, and its number: rows of the report carry it.
  mode text check (mode in ('dry', 'real')),
  run integer not null default 0,
  -- Runs that wrote: what undoing goes by.
  real_runs integer[] not null default '{}',
  mapping jsonb,
  mapping_id uuid,
  -- Rows of the file that are done in the running run: where a killed worker goes on.
  position bigint not null default 0,
  -- Share of the file that has been read.
  progress real not null default 0 check (progress between 0 and 1),
  counts jsonb,
  dry_counts jsonb,
  undo_counts jsonb,
  -- Why it failed as a whole, in both languages.
  fault jsonb,
  cancelling boolean not null default false,
  -- Last sign of life of the worker.
  alive_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- When the file itself was removed.
  file_removed_at timestamptz,
  primary key (tenant_id, id)
);
create index data_import_by_time on data_import (tenant_id, created_at desc, id);
create index data_import_active on data_import (tenant_id, state) where state in ('queued', 'running', 'undoing');
alter table data_import enable row level security;
alter table data_import force row level security;
create policy tenant_isolation on data_import
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on data_import to kizuna_app;

-- The file, in the parts in which it arrived, each compressed with gzip.
create table import_part (
  tenant_id uuid not null,
  import_id uuid not null,
  number integer not null check (number >= 0),
  -- Bytes before compression.
  size integer not null check (size > 0),
  content bytea not null,
  primary key (tenant_id, import_id, number),
  foreign key (tenant_id, import_id) references data_import (tenant_id, id) on delete cascade
);
alter table import_part alter column content set storage external;
alter table import_part enable row level security;
alter table import_part force row level security;
create policy tenant_isolation on import_part
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on import_part to kizuna_app;

-- What became of each row of a file: the report, and what undoing goes by. No foreign key: a million rows would each
-- look their import up; they go with it by command.
create table import_row (
  tenant_id uuid not null,
  import_id uuid not null,
  run integer not null,
  row bigint not null,
  outcome text not null check (outcome in ('created', 'updated', 'unchanged', 'skipped', 'failed')),
  record_id uuid,
  -- [{column, code, value, accepted}]
  problems jsonb,
  -- Of an updated record: {field: [before, after]}
  changes jsonb,
  primary key (tenant_id, import_id, run, row)
);
create index import_row_by_outcome on import_row (tenant_id, import_id, run, outcome, row) where outcome <> 'created';
alter table import_row enable row level security;
alter table import_row force row level security;
create policy tenant_isolation on import_row
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on import_row to kizuna_app;
