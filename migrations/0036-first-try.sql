-- When a message was first told to a server: how long it is tried again counts from here, not from its queueing.
alter table message add column first_tried_at timestamptz;
update message set first_tried_at = updated_at where attempts > 0 and state in ('pending', 'sending');
