-- Who has a role in every journey of a template: {role: member}. Others are chosen by load when a journey begins.
alter table onboarding_template add column people jsonb not null default '{}';
