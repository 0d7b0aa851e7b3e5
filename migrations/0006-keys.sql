-- The keys that may have closed a box in this database, each with a text that it closed: a program with other keys, or
-- with one missing, is refused at start. Read and written by the owner only.
create table encryption_key (
  key_id text primary key,
  proof text not null,
  created_at timestamptz not null default now()
);
