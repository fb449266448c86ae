import { sql } from 'kysely';

/**
 * Entries that were written before get salts and leaves of the same form as later ones (`src/audit/leaf.ts`): their
 * details hold no numbers that ECMAScript would write with an exponent.
 */
export const auditTree = sql`
  create index erasure_customer on erasure (customer_id);

  drop trigger audit_entry_append_only on audit_entry;
  alter table audit_entry add column leaf text, add column salt bytea, add column actor_salt bytea;

  insert into audit_entry (at, actor, role, action, details)
    select date_trunc('milliseconds', now()), 'gateway', 'SYSTEM', 'customer.forgotten',
      jsonb_build_object('entries', count(*))
    from audit_entry join customer on customer.id = audit_entry.customer_id
    where customer.erased_at is not null
    having count(*) > 0;

  create function pg_temp.canonical(value jsonb) returns text language sql as $$
    select case jsonb_typeof(value)
      when 'object' then (
        select '{' || coalesce(string_agg(to_json(key)::text || ':' || pg_temp.canonical(member), ','
          order by key collate "C"), '') || '}' from jsonb_each(value) as members(key, member))
      when 'array' then (
        select '[' || coalesce(string_agg(pg_temp.canonical(item), ',' order by place), '') || ']'
        from jsonb_array_elements(value) with ordinality as items(item, place))
      else value::text end
  $$;
  create function pg_temp.commitment(salt bytea, name text, value text) returns text language sql as $$
    select coalesce('"' || encode(sha256(salt || convert_to(name || ':' || value, 'UTF8')), 'hex') || '"', 'null')
  $$;
  update audit_entry set
    salt = substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 16),
    actor_salt = substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 16);
  update audit_entry set leaf =
    '{"action":' || to_json(action)::text
    || ',"actor":' || pg_temp.commitment(actor_salt, 'actor', actor)
    || ',"at":"' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'
    || ',"customer":' || pg_temp.commitment(salt, 'customer', customer_id::text)
    || ',"details":' || pg_temp.canonical(details)
    || ',"erasureId":' || coalesce(to_json(erasure_id)::text, 'null')
    || ',"integrationId":' || coalesce(to_json(integration_id)::text, 'null')
    || ',"reason":' || pg_temp.commitment(salt, 'reason', reason)
    || ',"requestId":' || coalesce(to_json(request_id)::text, 'null')
    || ',"role":' || to_json(role)::text
    || ',"sequence":' || coalesce(sequence::text, 'null') || '}';
  update audit_entry set salt = null, customer_id = null, reason = null
    where customer_id in (select id from customer where erased_at is not null);
  drop function pg_temp.canonical(jsonb);
  drop function pg_temp.commitment(bytea, text, text);
  alter table audit_entry alter column leaf set not null, alter column actor_salt set not null;

  create table audit_pending (
    entry_id bigint primary key references audit_entry
  );
  insert into audit_pending select id from audit_entry;

  create table audit_leaf (
    index bigint primary key,
    entry_id bigint not null unique references audit_entry
  );

  create table audit_node (
    level integer not null,
    index bigint not null,
    hash bytea not null,
    primary key (level, index)
  );

  create function let_wait() returns trigger language plpgsql as $$
  begin
    insert into audit_pending select id from added;
    perform pg_notify('gateway_changes', 'audit');
    return null;
  end $$;
  create trigger audit_entry_waits after insert on audit_entry
    referencing new table as added for each statement execute function let_wait();

  create function refuse_all_but_forgetting() returns trigger language plpgsql as $$
  declare
    forgotten audit_entry := old;
  begin
    forgotten.salt := null;
    forgotten.customer_id := null;
    forgotten.reason := null;
    if old.customer_id is not null and new is not distinct from forgotten then
      return new;
    end if;
    raise exception 'the audit log is append-only';
  end $$;
  create trigger audit_entry_forgets_only before update on audit_entry
    for each row execute function refuse_all_but_forgetting();
  create trigger audit_entry_append_only before delete on audit_entry
    for each row execute function refuse_change();

  create trigger audit_leaf_append_only before update or delete on audit_leaf
    for each row execute function refuse_change();
  create trigger audit_leaf_no_truncate before truncate on audit_leaf
    for each statement execute function refuse_change();
  create trigger audit_node_append_only before update or delete on audit_node
    for each row execute function refuse_change();
  create trigger audit_node_no_truncate before truncate on audit_node
    for each statement execute function refuse_change();
`;
