import { z } from 'zod';

const id = z.string().min(1).max(255);

/** As relay-compiler and GraphQL Code Generator write it. */
const byId = z.record(id, z.string());

const APOLLO = 'apollo-persisted-query-manifest';

/** As Apollo's generators write it. */
const manifest = z
  .object({
    format: z.literal(APOLLO),
    version: z.literal(1),
    operations: z.array(z.object({ id, body: z.string() })),
  })
  .superRefine(({ operations }, context) => {
    const ids = operations.map((operation) => operation.id);
    for (const [at, twice] of ids.entries())
      if (ids.indexOf(twice) !== at)
        context.addIssue({ code: 'custom', path: ['operations', at], message: `${twice} is there twice` });
  })
  .transform(({ operations }) => Object.fromEntries(operations.map((one) => [one.id, one.body])));

const isManifest = (file: unknown): boolean =>
  z.object({ format: z.literal(APOLLO) }).safeParse(file).success;

/** Texts of documents by id, out of any of the forms of such a file. A fault is told of the form that is meant. */
export const persistedDocumentsFile = z.unknown().transform((file, context): Record<string, string> => {
  const { data, error } = (isManifest(file) ? manifest : byId).safeParse(file);
  for (const { path, message } of error?.issues ?? [])
    context.addIssue({ code: 'custom', path: [...path], message });
  return data ?? z.NEVER;
});
