-- The time zone of a contact, and of a customer: in whose day and working hours somebody is written to. A contact's own
-- counts, else its customer's, else the company's. Names of the IANA database, checked where they are written.
alter table customer add column time_zone text;
alter table contact add column time_zone text;

-- A cap counts by who is spoken to, whether the person itself or its customer goes through the flow: a line for each recipient.
-- Where a customer has no people it stands for itself.
alter table flow_contact rename column subject_id to recipient_id;
alter table flow_contact drop constraint flow_contact_pkey;
alter table flow_contact add primary key (tenant_id, enrolment_id, visit, recipient_id);
alter index flow_contact_by_subject rename to flow_contact_by_recipient;

-- For whom something was held back: of a customer's enrolment the person who would have been spoken to.
alter table flow_suppression add column contact_id uuid;

-- Whom messages have reached lately is looked up every minute.
create index message_by_acceptance on message (tenant_id, accepted_at) where accepted_at is not null;
