/** The match of a request with one `METHOD /path/:param` key. */
export interface RouteMatch {
  key: string;
  params: Record<string, string>;
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** Finds the first key that fits the method and, segment by segment, the percent-decoded path. */
export function matchRoute(keys: readonly string[], method: string, path: string): RouteMatch | null {
  const segments = path.split('/');
  for (const key of keys) {
    const [wanted, pattern = ''] = key.split(' ');
    const parts = pattern.split('/');
    if (wanted !== method || parts.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = parts.every((part, i) => {
      if (!part.startsWith(':')) return part === segments[i];
      const value = decode(segments[i]!);
      if (!value) return false;
      params[part.slice(1)] = value;
      return true;
    });
    if (fits) return { key, params };
  }
  return null;
}
