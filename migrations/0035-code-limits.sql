-- Codes that were sent to the address of a link within the last day.
alter table onboarding_link add column code_times timestamptz[] not null default '{}';
-- Wrong codes over all that were sent, on that day of the company's.
alter table onboarding_link add column wrong_day date;
alter table onboarding_link add column wrong_codes smallint not null default 0;
