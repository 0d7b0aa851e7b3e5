-- How a task reaches the customer; null: it is work among colleagues.
alter table task add column contact text;
alter table task add constraint task_contact_check check (contact in ('call', 'email', 'meeting', 'offer'));
create index task_contact on task (tenant_id, (coalesce(done_at, created_at)) desc, id desc) where contact is not null;

-- Tasks may be about flows, success plans and reviews as well.
alter table task_link drop constraint task_link_kind_check;
alter table task_link add constraint task_link_kind_check
  check (kind in ('contact', 'contract', 'ticket', 'alert', 'milestone', 'flow', 'plan', 'review'));

-- Contacts over all customers, the latest first.
create index message_by_flow on message (tenant_id, queued_at desc, id desc) where source_kind = 'flow';
create index in_app_delivery_by_flow on in_app_delivery (tenant_id, queued_at desc, id desc) where source_kind = 'flow';
create index communication_by_time on communication (tenant_id, occurred_at desc, id desc) where kind in ('EMAIL', 'CALL', 'MEETING');
