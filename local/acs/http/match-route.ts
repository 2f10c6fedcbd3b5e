import type { Route } from '../exchange.ts';

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** `allow` names the methods of a known path when the request's is none of them. */
export type Found = Match | { allow: string[] };

/** Finds the operation for a path as sent, such as `/chat/threads/19%3Aab%40thread.v2`; nothing fits an unknown path. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Found | undefined {
  const segments = decodeSegments(path);
  if (!segments) return undefined;
  const matches = routes.flatMap((route): Match[] => {
    const params = matchTemplate(route.path.split('/'), segments);
    return params ? [{ route, params }] : [];
  });
  // `…/participants/:add` is more exact than `…/participants/:id` would be.
  const exact = matches.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  const found = exact.find(({ route }) => route.method === method);
  if (found) return found;
  return matches.length > 0 ? { allow: [...new Set(matches.map(({ route }) => route.method))] } : undefined;
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split('/').map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

function matchTemplate(template: string[], segments: string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':') && !part.startsWith('::')) {
      if (segment === '') return undefined;
      params[part.slice(1)] = segment;
    } else if (part.replace(/^::/, ':') !== segment) {
      return undefined;
    }
  }
  return params;
}
