/** Any edit that a person could make, in any order, for property tests. */
import fc from 'fast-check';
import { kinds } from '@switchyard/engine/nodes';
import type { Flow } from '@switchyard/shared';
import { removeAndHeal, removeWires, revoke, setGrant, setLimits, type WireId, grantId, linkId } from '../commands.ts';
import type { EditorDriver } from './editor-driver.ts';

export type Edit = (driver: EditorDriver) => void;

const kindNames = [...kinds.keys()];
const place = fc.tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: -2000, max: 2000 }));
const index = fc.nat(30);

/** One edit; which nodes and ports it is about is settled when it is made. */
export const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.constantFrom(...kindNames), place).map(
    ([kind, at]): Edit =>
      (driver) =>
        void driver.adds(kind, at),
  ),
  fc.tuple(index, index, index, index).map(
    ([one, other, out, into]): Edit =>
      (driver) =>
        linkSome(driver, [one, other, out, into]),
  ),
  fc.tuple(index, index).map(
    ([one, other]): Edit =>
      (driver) =>
        onTwo(driver, one, other, (from, to) => driver.grants(from, to)),
  ),
  fc.tuple(index, place).map(
    ([one, at]): Edit =>
      (driver) =>
        onOne(driver, one, (id) => driver.drags(id, at)),
  ),
  fc.tuple(index, fc.string()).map(
    ([one, title]): Edit =>
      (driver) =>
        onOne(driver, one, (id) => driver.renames(id, title)),
  ),
  fc.tuple(index, fc.constantFrom('template', 'instructions', 'prompt', 'note'), fc.string()).map(
    ([one, field, text]): Edit =>
      (driver) =>
        onOne(driver, one, (id) => driver.types(id, field, text)),
  ),
  fc.tuple(index, index).map(
    ([one, other]): Edit =>
      (driver) =>
        onTwo(driver, one, other, (first, second) => {
          driver.selects(first, second);
          driver.duplicates();
        }),
  ),
  fc.tuple(index, place).map(
    ([one, at]): Edit =>
      (driver) =>
        onOne(driver, one, (id) => {
          driver.selects(id);
          driver.pastes(driver.cuts(), at);
        }),
  ),
  index.map(
    (one): Edit =>
      (driver) =>
        onOne(driver, one, (id) => {
          driver.selects(id);
          driver.deletes();
        }),
  ),
  index.map(
    (one): Edit =>
      (driver) =>
        onOne(driver, one, (id) => driver.editor.edit('Heal', (flow) => removeAndHeal(flow, id))),
  ),
  index.map(
    (one): Edit =>
      (driver) =>
        driver.editor.edit('Cut wire', (flow) => removeWires(flow, wires(flow).slice(one, one + 1))),
  ),
  fc.tuple(index, fc.constantFrom('never' as const, 'always' as const)).map(
    ([one, approval]): Edit =>
      (driver) =>
        driver.editor.edit('Grant', (flow) => {
          const chosen = flow.grants[one % Math.max(1, flow.grants.length)];
          return chosen ? setGrant(flow, chosen, { approval }) : flow;
        }),
  ),
  index.map(
    (one): Edit =>
      (driver) =>
        driver.editor.edit('Revoke', (flow) => {
          const chosen = flow.grants[one % Math.max(1, flow.grants.length)];
          return chosen ? revoke(flow, chosen) : flow;
        }),
  ),
  fc.integer({ min: 1, max: 100 }).map(
    (seconds): Edit =>
      (driver) =>
        driver.editor.edit('Limits', (flow) => setLimits(flow, { seconds })),
  ),
  fc.constant<Edit>((driver) => driver.undoes()),
  fc.constant<Edit>((driver) => driver.redoes()),
);

function wires(flow: Flow): WireId[] {
  return [...flow.links.map(linkId), ...flow.grants.map(grantId)];
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list.length === 0 ? undefined : list[at % list.length];
}

function onOne(driver: EditorDriver, at: number, act: (id: string) => void): void {
  const id = pick(Object.keys(driver.flow().nodes), at);
  if (id !== undefined) act(id);
}

function onTwo(driver: EditorDriver, one: number, other: number, act: (first: string, second: string) => void): void {
  onOne(driver, one, (first) => onOne(driver, other, (second) => act(first, second)));
}

function linkSome(driver: EditorDriver, [one, other, out, into]: readonly [number, number, number, number]): void {
  onTwo(driver, one, other, (from, to) => {
    const { nodes } = driver.flow();
    const ports = (id: string) => driver.editor.face(nodes[id] as Flow['nodes'][string]).ports;
    const output = pick(Object.keys(ports(from).outputs), out);
    const input = pick(Object.keys(ports(to).inputs), into);
    if (output !== undefined && input !== undefined) driver.links(`${from}.${output}`, `${to}.${input}`);
  });
}
