/** Commands on the document as a whole: name, description, limits, fixes. */
import { flowSchema, linkEnd, type Flow, type Limits, type PatchStep } from '@switchyard/shared';

/** The flow's name; an empty one changes nothing. */
export function renameFlow(flow: Flow, name: string): Flow {
  const text = name.trim().slice(0, 200);
  return text === '' || text === flow.name ? flow : { ...flow, name: text };
}

/** The flow's description; without text it has none. */
export function setDescription(flow: Flow, text: string): Flow {
  const { description: _before, ...rest } = flow;
  return text === '' ? rest : { ...rest, description: text.slice(0, 20_000) };
}

/** Sets limits; a limit given as undefined takes its default again. */
export function setLimits(flow: Flow, change: { [Name in keyof Limits]?: Limits[Name] | undefined }): Flow {
  const limits = Object.fromEntries(Object.entries({ ...flow.limits, ...change }).filter(([, value]) => value !== undefined)) as Limits;
  const { limits: _before, ...rest } = flow;
  return Object.keys(limits).length === 0 ? rest : { ...rest, limits };
}

/** Applies a fix (JSON Patch, RFC 6902). A patch that no longer fits the document changes nothing. */
export function applyFix(flow: Flow, patch: readonly PatchStep[]): Flow {
  let changed: unknown = flow;
  for (const step of patch) {
    const path = step.path
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    changed = changeAt(changed, path, step);
    if (changed === undefined) return flow;
  }
  const parsed = flowSchema.safeParse(changed);
  return parsed.success ? dropDangling(changed as Flow) : flow;
}

/** The value with one step applied below it; undefined where its path leads nowhere. */
function changeAt(value: unknown, path: readonly string[], step: PatchStep): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return step.op === 'remove' ? undefined : step.value;
  if (Array.isArray(value)) return changeList(value, path, step);
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Record<string, unknown>;
  const isThere = Object.hasOwn(record, key);
  if (rest.length > 0 || step.op !== 'remove') {
    if (!isThere && (rest.length > 0 || step.op === 'replace')) return undefined;
    const inner = changeAt(record[key], rest, step);
    return inner === undefined ? undefined : { ...record, [key]: inner };
  }
  return isThere ? Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) : undefined;
}

function changeList(list: readonly unknown[], path: readonly string[], step: PatchStep): unknown {
  const [key = '', ...rest] = path;
  const index = key === '-' ? list.length : Number(key);
  const isInside = Number.isInteger(index) && index >= 0 && index < list.length;
  if (rest.length > 0) {
    const inner = isInside ? changeAt(list[index], rest, step) : undefined;
    return inner === undefined ? undefined : list.with(index, inner);
  }
  if (step.op === 'add') return isInside || index === list.length ? list.toSpliced(index, 0, step.value) : undefined;
  if (!isInside) return undefined;
  return step.op === 'replace' ? list.with(index, step.value) : list.toSpliced(index, 1);
}

function dropDangling(flow: Flow): Flow {
  const isThere = (id: string) => Object.hasOwn(flow.nodes, id);
  const links = flow.links.filter((link) => isThere(linkEnd(link.from).node) && isThere(linkEnd(link.to).node));
  const grants = flow.grants.filter((each) => isThere(each.from) && isThere(each.to));
  const isWhole = links.length === flow.links.length && grants.length === flow.grants.length;
  return isWhole ? flow : { ...flow, links, grants };
}
