/** The server's side of SCRAM-SHA-256 (RFC 7677) with one user. */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const rounds = 4096;

export class ScramServer {
  readonly #user: string;
  readonly #password: string;
  readonly #salt = randomBytes(16);
  #nonce = '';
  #said = '';

  constructor(user: string, password: string) {
    this.#user = user;
    this.#password = password;
  }

  /** The first message; undefined for another user. */
  begin(payload: string): string | undefined {
    const [, user, nonce] = /^n,,n=([^,]*),r=([^,]*)$/.exec(payload) ?? [];
    if (user !== this.#user || nonce === undefined) return undefined;
    this.#nonce = nonce + randomBytes(12).toString('base64');
    const first = `r=${this.#nonce},s=${this.#salt.toString('base64')},i=${rounds}`;
    this.#said = `${payload.slice(3)},${first}`;
    return first;
  }

  /** The last message; undefined where the proof is another password's. */
  end(payload: string): string | undefined {
    const [, bare, nonce, proof] = /^(c=biws,r=([^,]*)),p=(.*)$/.exec(payload) ?? [];
    if (bare === undefined || nonce !== this.#nonce || proof === undefined) return undefined;
    const salted = pbkdf2Sync(this.#password, this.#salt, rounds, 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const stored = createHash('sha256').update(clientKey).digest();
    const signed = `${this.#said},${bare}`;
    const signature = hmac(stored, signed);
    const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] as number)));
    const given = Buffer.from(proof, 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
