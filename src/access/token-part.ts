import { UnauthenticatedError } from './errors.ts';

/** A whole string, with the colon that makes it a name, or a bracket of a JSON text. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/** The names in the outermost object of a JSON text, each as often as it stands there. */
function namesIn(json: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [token, string, colon] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (colon && depth === 1) names.push(JSON.parse(string!) as string);
  }
  return names;
}

function objectOf(json: string): Record<string, unknown> {
  const object = JSON.parse(json) as unknown;
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    throw new Error('it is not a JSON object');
  const names = namesIn(json);
  if (new Set(names).size < names.length) throw new Error('it says something twice');
  return object as Record<string, unknown>;
}

/**
 * The bytes of one part of a compact JWS, in the only form that stands for them: no padding, no bits left over (RFC 4648,
 * section 3.5).
 *
 * @throws {UnauthenticatedError}
 */
export function decodePart(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw new UnauthenticatedError('a part is not base64url');
  return bytes;
}

/**
 * A header or the claims, of which there is only one reading: well-formed UTF-8, and no name twice (RFC 7515, section 4;
 * RFC 7519, section 4).
 *
 * @throws {UnauthenticatedError}
 */
export function readPart(part: string): Record<string, unknown> {
  const bytes = decodePart(part);
  try {
    return objectOf(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new UnauthenticatedError('a part cannot be read', { cause });
  }
}
