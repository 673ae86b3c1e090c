/** What a catalogue offers to be called, whichever shape it has: the operations of an API, the tools of a server. Pure. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

export interface Offer {
  name: string;
  description: string;
  mayWrite: boolean;
  /** Why it is not offered, though the server has it. */
  refused?: string;
}

/** Undefined where the catalogue is of something else. */
export function offersOf(catalogue: Json): Offer[] | undefined {
  if (!isJsonObject(catalogue)) return undefined;
  const { operations, tools, refused } = catalogue;
  if (Array.isArray(operations)) return operations.filter(isJsonObject).map((each) => offer(String(each.name), each, each.effect === 'write'));
  if (tools === undefined || !isJsonObject(tools)) return undefined;
  const accepted = Object.entries(tools).map(([name, tool]) => offer(name, isJsonObject(tool) ? tool : {}, !isJsonObject(tool) || tool.isReading !== true));
  const others = Object.entries(refused !== undefined && isJsonObject(refused) ? refused : {});
  return [...accepted, ...others.map(([name, why]) => ({ name, description: '', mayWrite: true, refused: String(why) }))];
}

function offer(name: string, { description }: JsonObject, mayWrite: boolean): Offer {
  return { name, description: typeof description === 'string' ? description : '', mayWrite };
}
