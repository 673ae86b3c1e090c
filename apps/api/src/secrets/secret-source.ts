/** Where runs get secrets: the vault, then the environment. */
import type { SecretSource } from '@switchyard/engine';
import type { Vault } from './vault.ts';

const prefix = 'SWITCHYARD_SECRET_';
/** Keys that the vendors' own tools read under these names. */
const vendorKeys = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'];

/** Secrets of an environment by their names in a workspace: SWITCHYARD_SECRET_<NAME> as NAME, and the vendors' keys under their own. */
export function environmentSecrets(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (!value) continue;
    if (vendorKeys.includes(name) && !found.has(name)) found.set(name, value);
    if (name.startsWith(prefix) && name.length > prefix.length) found.set(name.slice(prefix.length), value);
  }
  return found;
}

/** Looks into the vault, where there is one, then into the environment's secrets. */
export function createSecretSource(environment: ReadonlyMap<string, string>, vault?: Vault): SecretSource {
  return {
    get: (name) => vault?.get(name) ?? environment.get(name),
    values: () => [...new Set([...(vault?.values() ?? []), ...environment.values()])],
  };
}
