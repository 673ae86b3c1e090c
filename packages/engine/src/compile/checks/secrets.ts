/** No secret is in the document: settings that look like keys belong in the workspace, under a name. */
import { pointer, type Diagnostic, type Json, type JsonObject } from '@switchyard/shared';
import type { Graph } from '../graph.ts';

/** Shapes of well-known keys. Every repetition is bounded, so that no text is slow to look through. */
const shapes: readonly RegExp[] = [
  /\bsk-(?=[A-Za-z0-9_-]{0,80}\d)[A-Za-z0-9_-]{16,200}/,
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}/,
  /\bglpat-[A-Za-z0-9_-]{16,200}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,200}/,
  /\bBearer[ \t]{1,10}[A-Za-z0-9._~+/-]{16,2000}/i,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,2000}\./,
  /\b[a-z][a-z0-9+]{1,20}:\/\/[^\s:/@]{1,100}:[^\s:/@{}]{4,200}@/i,
];

function looksLikeSecret(text: string): boolean {
  return text.length >= 12 && shapes.some((shape) => shape.test(text));
}

export function checkSecrets(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { id, node } of graph.nodes.values()) search(node.config, ['nodes', id, 'config'], found);
  return found;
}

function search(value: Json, path: (string | number)[], found: Diagnostic[]): void {
  if (typeof value === 'string') {
    if (looksLikeSecret(value)) found.push(told(path));
  } else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) {
      path.push(key);
      search((value as JsonObject)[key] as Json, path, found);
      path.pop();
    }
  }
}

function told(path: (string | number)[]): Diagnostic {
  return {
    code: 'secret-in-document',
    severity: 'warning',
    path: pointer(path),
    node: String(path[1]),
    field: String(path[3] ?? 'config'),
    message:
      'This looks like a key or a password. A flow is exported and shared: keep the secret in the workspace, name it in a connection or model there, and change the key if it was real.',
  };
}
