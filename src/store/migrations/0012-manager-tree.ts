import { sql } from 'kysely';

/** The walk up ends also where managers that were there before form a ring. */
export const managerTree = sql`
  create function check_manager_tree() returns trigger language plpgsql as $$
  declare
    most constant integer := 50;
    above integer;
    below integer;
  begin
    if new.parent_id is null then return new; end if;
    -- One change at a time: two that are right by themselves may close a ring together.
    perform pg_advisory_xact_lock(hashtext('manager tree'));
    with recursive line(id, depth) as (
      select new.parent_id, 1
      union
      select manager.parent_id, line.depth + 1 from manager join line on manager.id = line.id
        where manager.parent_id is not null and line.depth <= most
    ) select max(depth), count(*) filter (where id = new.id) into above, below from line;
    if below > 0 then
      raise exception 'the manager % would be above itself', new.id using errcode = 'check_violation';
    end if;
    with recursive line(id, depth) as (
      select new.id, 0
      union
      select manager.id, line.depth + 1 from manager join line on manager.parent_id = line.id
        where line.depth <= most
    ) select max(depth) into below from line;
    if above + 1 + below > most then
      raise exception 'managers may be at most % deep', most using errcode = 'check_violation';
    end if;
    return new;
  end $$;
  create trigger manager_tree before insert or update of parent_id on manager
    for each row execute function check_manager_tree();
`;
