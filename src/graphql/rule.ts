import type { GraphQLError } from 'graphql';
import type { Context } from './context.ts';
import { notAllowed } from './refusals.ts';
import { rule } from './shield.ts';

/**
 * A rule over who is calling: true, or why not. Its answer is never kept: shield's caches know it by its name alone, and
 * would give it for another field too. A rule that throws is logged, which shield would not do, and counts as a no.
 */
export const ruleOf = (name: string, allows: (context: Context) => true | GraphQLError) =>
  rule(name, { cache: 'no_cache' })((_parent, _args, context: Context) => {
    try {
      return allows(context);
    } catch (err) {
      context.parts.log.error({ err, rule: name, requestId: context.requestId }, 'a rule has failed');
      return notAllowed();
    }
  });
