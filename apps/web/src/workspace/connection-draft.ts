/** A connection as it is being written, and as the workspace takes it. Secret values are kept apart from the first moment. Pure. */
import { connectionSchema, nameSchema, type Connection } from '@switchyard/shared';

export interface HeaderDraft {
  name: string;
  /** Empty for a secret that is kept as it is. */
  value: string;
  isSecret: boolean;
  /** Name of the secret that holds the value already. */
  secret: string | undefined;
}

export interface ConnectionDraft {
  name: string;
  type: Connection['type'];
  /** File, base URL, or name of the example. */
  address: string;
  headers: HeaderDraft[];
  concurrency: number | undefined;
}

export const emptyDraft: ConnectionDraft = { name: '', type: 'sqlite', address: '', headers: [], concurrency: undefined };

/** A draft of a connection that is there already. */
export function connectionDraft(name: string, connection: Connection): ConnectionDraft {
  const address = connection.type === 'sqlite' ? connection.url : connection.type === 'http' ? connection.baseUrl : connection.example;
  const headers = connection.type === 'http' ? Object.entries(connection.headers ?? {}) : [];
  return {
    name,
    type: connection.type,
    address,
    concurrency: connection.limits?.concurrency,
    headers: headers.map(([header, value]) =>
      typeof value === 'string'
        ? { name: header, value, isSecret: false, secret: undefined }
        : { name: header, value: '', isSecret: true, secret: value.secret },
    ),
  };
}

interface Secret {
  name: string;
  value: string;
}

/** The connection and the secrets to set for it, or what is wrong, by field. */
export function readConnection(draft: ConnectionDraft): { name: string; connection: Connection; secrets: Secret[] } | { mistakes: Record<string, string> } {
  const mistakes: Record<string, string> = {};
  const name = draft.name.trim();
  if (!nameSchema.safeParse(name).success) mistakes.name = name === '' ? 'Give it a name.' : 'Letters, digits, _ . and - only.';
  const limits = draft.concurrency === undefined ? {} : { limits: { concurrency: draft.concurrency } };
  const address = draft.address.trim();
  const secrets: Secret[] = [];
  const read = connectionSchema.safeParse(
    draft.type === 'sqlite'
      ? { type: 'sqlite', url: address, ...limits }
      : draft.type === 'example'
        ? { type: 'example', example: address, ...limits }
        : { type: 'http', baseUrl: address, ...headersOf(draft, { secrets, mistakes }), ...limits },
  );
  for (const issue of read.error?.issues ?? []) {
    const field = String(issue.path.at(-1));
    if (['url', 'baseUrl', 'example'].includes(field))
      mistakes.address = draft.type === 'http' ? 'An address such as https://api.example.com.' : 'Say which file.';
    else mistakes[field] ??= `${issue.message}.`;
  }
  return read.success && Object.keys(mistakes).length === 0 ? { name, connection: read.data, secrets } : { mistakes };
}

function headersOf(
  draft: ConnectionDraft,
  out: { secrets: Secret[]; mistakes: Record<string, string> },
): { headers?: Record<string, string | { secret: string }> } {
  const headers: Record<string, string | { secret: string }> = {};
  draft.headers.forEach((header, index) => {
    const name = header.name.trim().toLowerCase();
    if (name === '' && header.value === '') return;
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) out.mistakes[`header${index}`] = 'A header name has letters, digits and - only.';
    else if (header.isSecret && header.value === '' && !header.secret) out.mistakes[`header${index}`] = 'Write its value.';
    else if (header.isSecret) {
      const secret = header.secret ?? secretName(draft.name, name);
      if (header.value !== '') out.secrets.push({ name: secret, value: header.value });
      headers[name] = { secret };
    } else headers[name] = header.value;
  });
  return Object.keys(headers).length > 0 ? { headers } : {};
}

/** `CARRIER_API_AUTHORIZATION` for the header authorization of carrier-api. */
function secretName(connection: string, header: string): string {
  const words = `${connection}_${header}`
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[A-Z_]/.test(words) ? words : `_${words}`;
}
