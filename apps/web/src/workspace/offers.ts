/** What a catalogue offers to be called, whichever shape it has: the operations of an API, the tools of a server. Pure. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

export interface Offer {
  name: string;
  description: string;
  mayWrite: boolean;
  /** Why it is not offered, though the server has it, and in a word. */
  refused?: { why: string; word: 'not accepted' | 'cannot be called' };
}

/** Undefined where the catalogue is of something else. */
export function offersOf(catalogue: Json): Offer[] | undefined {
  if (!isJsonObject(catalogue)) return undefined;
  const { operations, tools = null, refused = null } = catalogue;
  const others = (word: 'not accepted' | 'cannot be called') =>
    Object.entries(isJsonObject(refused) ? refused : {}).map(([name, why]) => ({ ...offer(name, {}, true), refused: { why: String(why), word } }));
  if (Array.isArray(operations))
    return [...operations.filter(isJsonObject).map((each) => offer(String(each.name), each, each.effect === 'write')), ...others('cannot be called')];
  if (!isJsonObject(tools)) return undefined;
  const accepted = Object.entries(tools).map(([name, tool]) => offer(name, isJsonObject(tool) ? tool : {}, !isJsonObject(tool) || tool.isReading !== true));
  return [...accepted, ...others('not accepted')];
}

function offer(name: string, { description }: JsonObject, mayWrite: boolean): Offer {
  return { name, description: typeof description === 'string' ? description : '', mayWrite };
}
