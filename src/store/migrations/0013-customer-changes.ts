import { sql } from 'kysely';

/** Tells every process whose copies of customers, links and managers are out of date, whoever has written. */
export const customerChanges = sql`
  create function tell_customer_change() returns trigger language plpgsql as $$
  begin
    perform pg_notify('gateway_changes', 'customers');
    return null;
  end $$;
  create trigger tell_change after insert or update or delete or truncate on customer
    for each statement execute function tell_customer_change();
  create trigger tell_change after insert or update or delete or truncate on link
    for each statement execute function tell_customer_change();
  create trigger tell_change after insert or update or delete or truncate on manager
    for each statement execute function tell_customer_change();
`;
