/** Who may come in: a browser by its session cookie, a program by the token. Compared in constant time, over hashes. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createSession, hasSession, removeSession } from '../db/sessions.ts';
import type { Database } from '../db/schema.ts';

const sessionDays = 30;

export interface Credentials {
  /** A name for the session or the token that the headers prove; undefined where they prove nothing. */
  identify(headers: IncomingHttpHeaders): Promise<string | undefined>;
  /** The cookie of a new session, where `secret` is the unused login code or the token. The code is used up. */
  logIn(secret: string): Promise<string | undefined>;
  /** Ends the session of these headers; gives the cookie that removes it. */
  logOut(headers: IncomingHttpHeaders): Promise<string>;
}

export interface CredentialOptions {
  database: Database;
  token: string;
  /** Lets one browser in, once. */
  code: string;
  /** Part of the cookie's name: browsers share the cookies of all ports of a host. */
  port(): number | undefined;
}

export function createCredentials({ database, token, code, port }: CredentialOptions): Credentials {
  const tokenHash = digest(token);
  let codeHash: Buffer | undefined = digest(code);
  const cookieName = () => `switchyard_${port() ?? 0}`;
  const cookie = (value: string, seconds: number) => `${cookieName()}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;

  const sessionOf = (headers: IncomingHttpHeaders): string | undefined => {
    const value = cookieValue(headers.cookie, cookieName());
    return value === undefined || value.length > 100 ? undefined : digest(value).toString('hex');
  };

  return {
    async identify(headers) {
      const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
      if (bearer !== undefined) return isSame(digest(bearer), tokenHash) ? 'token' : undefined;
      const session = sessionOf(headers);
      return session !== undefined && (await hasSession(database, session)) ? session : undefined;
    },
    async logIn(secret) {
      const given = digest(secret);
      const isCode = codeHash !== undefined && isSame(given, codeHash);
      if (!isCode && !isSame(given, tokenHash)) return undefined;
      if (isCode) codeHash = undefined;
      const value = randomBytes(32).toString('base64url');
      await createSession(database, digest(value).toString('hex'), Date.now() + sessionDays * 86_400_000);
      return cookie(value, sessionDays * 86_400);
    },
    async logOut(headers) {
      const session = sessionOf(headers);
      if (session !== undefined) await removeSession(database, session);
      return cookie('', 0);
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isSame(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}
