/** The tag by which Relay's compiler finds documents. */
export const graphql = ({ raw }: TemplateStringsArray): string => raw.join('');
