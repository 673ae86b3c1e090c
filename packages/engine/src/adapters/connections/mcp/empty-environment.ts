/** The environment of a program that is started: nothing of this process's. The protocol's package hands some variables down by itself; they are told empty. */
import { DEFAULT_INHERITED_ENV_VARS } from '@modelcontextprotocol/sdk/client/stdio.js';

export function emptyEnvironment(): Record<string, string> {
  return Object.fromEntries(DEFAULT_INHERITED_ENV_VARS.map((name) => [name, '']));
}
