/** Certificates for tests: an authority of the test's own, and what it signs, made by openssl in a folder of their own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Files in PEM. */
export interface CertificatePair {
  certificate: string;
  key: string;
}

/** The program; undefined where there is none. */
export function findOpenssl(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'openssl'))
    .find((file) => existsSync(file));
}

export class TestAuthority {
  /** Its certificate, in PEM. */
  readonly pem: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'switchyard-authority-'));

  /** Throws where openssl is not installed. */
  constructor() {
    this.#run(['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=Authority of a test', '-keyout', 'ca.key', '-out', 'ca.pem']);
    this.pem = readFileSync(join(this.#folder, 'ca.pem'), 'utf8');
  }

  /** The certificate of a server for these names (`DNS:db.internal`, `IP:127.0.0.1`); with 0 days it has expired at once. Of the same file it takes the place. */
  issue(file: string, { names, days = 1 }: { names: readonly string[]; days?: number }): CertificatePair {
    writeFileSync(join(this.#folder, 'names'), `subjectAltName=${names.join(',')}`);
    this.#run(['req', '-new', ...newKey, '-subj', '/CN=Server of a test', '-keyout', `${file}.key`, '-out', `${file}.csr`]);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days), '-extfile', 'names'];
    this.#run(['x509', '-req', '-in', `${file}.csr`, ...signing, '-out', `${file}.pem`]);
    return { certificate: join(this.#folder, `${file}.pem`), key: join(this.#folder, `${file}.key`) };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(args: readonly string[]): void {
    const program = findOpenssl();
    if (program === undefined) throw new Error('openssl is not installed: see findOpenssl');
    execFileSync(program, args, { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
