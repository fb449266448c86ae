/** What GraphQL is answered as. */
const OFFERED = [
  'application/graphql-response+json',
  'application/json',
  'text/event-stream',
  'multipart/mixed',
];

const WEIGHT = /;\s*q=([\d.]+)/i;

function isOffered(range: string): boolean {
  const type = range.split(';')[0]!.trim().toLowerCase();
  if (!type.endsWith('/*')) return OFFERED.includes(type);
  return type === '*/*' || OFFERED.some((offered) => offered.startsWith(type.slice(0, -1)));
}

/**
 * The value of an `Accept` header (RFC 9110, section 12.5.1) without what is not offered, and with the most wanted
 * first; null when nothing is left. Yoga reads the order alone, and finds out last that it cannot answer.
 */
export function acceptable(header: string): string | null {
  const ranges = header
    .split(',')
    .map((range) => ({ range, weight: Number(WEIGHT.exec(range)?.[1] ?? 1) }))
    .filter(({ range, weight }) => weight > 0 && isOffered(range));
  if (ranges.length === 0) return null;
  return ranges
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ range }) => range)
    .join(',');
}

const STREAMS = ['text/event-stream', 'multipart/mixed'];

/** Whether the value of an `Accept` header that is acceptable lets more than one result come. */
export const isStreamWanted = (accept: string): boolean =>
  accept.includes('*') || STREAMS.some((type) => accept.includes(type));

/** The types of an answer that comes whole. */
export type AnswerType = 'application/graphql-response+json' | 'application/json';

const ANSWER_TYPES: Readonly<Record<string, AnswerType>> = {
  'application/graphql-response+json': 'application/graphql-response+json',
  'application/json': 'application/json',
  'application/*': 'application/json',
  '*/*': 'application/json',
};

/** What an answer that comes whole is sent as, by the value of an `Accept` header that is acceptable; null: it is not. */
export function answerTypeOf(accept: string): AnswerType | null {
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const isUtf8 = parameters.every((one) => !one.startsWith('charset=') || one === 'charset=utf-8');
    const answerType = isUtf8 ? ANSWER_TYPES[type] : undefined;
    if (answerType) return answerType;
  }
  return null;
}
