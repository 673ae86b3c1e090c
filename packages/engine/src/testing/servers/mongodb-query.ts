/** Of MongoDB's query language what the tests ask, over documents in memory. */
import { BSON } from 'mongodb';

type Documents = BSON.Document[];

export function matches(document: BSON.Document, filter: BSON.Document): boolean {
  return Object.entries(filter).every(([path, wanted]) => {
    if (path === '$and') return (wanted as Documents).every((each) => matches(document, each));
    const values = valuesAt(document, path);
    return isOperators(wanted) ? Object.entries(wanted).every(([name, operand]) => test(name, values, operand)) : values.some((value) => same(value, wanted));
  });
}

/** What stands at a path, of lists each item. */
export function valuesAt(document: unknown, path: string): unknown[] {
  let found = [document];
  for (const name of path.split('.')) found = found.flatMap((each) => (each as BSON.Document | undefined)?.[name] ?? []);
  return found;
}

export function runPipeline(documents: Documents, pipeline: Documents, collections: ReadonlyMap<string, Documents>): Documents {
  let found = documents;
  for (const stage of pipeline) {
    const [name, value] = Object.entries(stage)[0] as [string, never];
    const run = stages[name];
    if (!run) throw new Error(`The test server knows no stage ${name}`);
    found = run(found, value, collections);
  }
  return found;
}

const stages: Record<string, (found: Documents, value: never, collections: ReadonlyMap<string, Documents>) => Documents> = {
  $match: (found, filter: BSON.Document) => found.filter((each) => matches(each, filter)),
  $limit: (found, most: number) => found.slice(0, most),
  $skip: (found, count: number) => found.slice(count),
  $sort: (found, by: BSON.Document) =>
    [...found].sort((one, other) => {
      for (const [path, way] of Object.entries(by)) {
        const order = compare(valuesAt(one, path)[0], valuesAt(other, path)[0]) * Number(way);
        if (order !== 0) return order;
      }
      return 0;
    }),
  $project: (found, fields: BSON.Document) =>
    found.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => (name === '_id' ? fields._id !== 0 : fields[name] === 1)))),
  $group: (found, { _id: by, ...sums }: BSON.Document) => {
    const groups = new Map<unknown, BSON.Document>();
    for (const each of found) {
      const key = typeof by === 'string' ? valuesAt(each, by.slice(1))[0] : by;
      const group = groups.get(key) ?? { _id: key };
      groups.set(key, group);
      for (const [name, { $sum: what }] of Object.entries(sums) as [string, { $sum: string | number }][])
        group[name] = Number(group[name] ?? 0) + Number(typeof what === 'string' ? valuesAt(each, what.slice(1))[0] : what);
    }
    return [...groups.values()];
  },
  $lookup: (found, { from, localField, foreignField, as }: { from: string; localField: string; foreignField: string; as: string }, collections) =>
    found.map((each) => ({
      ...each,
      [as]: (collections.get(from) ?? []).filter((other) => same(valuesAt(each, localField)[0], valuesAt(other, foreignField)[0])),
    })),
};

function isOperators(value: unknown): value is BSON.Document {
  return typeof value === 'object' && value !== null && Object.keys(value).some((key) => key.startsWith('$'));
}

function test(name: string, values: unknown[], operand: unknown): boolean {
  if (name === '$exists') return values.length > 0 === operand;
  if (name === '$in') return values.some((value) => (operand as unknown[]).some((each) => same(value, each)));
  if (name === '$ne') return !values.some((value) => same(value, operand));
  const order = { $gt: [1], $gte: [0, 1], $lt: [-1], $lte: [0, -1], $eq: [0] }[name];
  if (!order) throw new Error(`The test server knows no operator ${name}`);
  return values.some((value) => order.includes(compare(value, operand)));
}

function same(one: unknown, other: unknown): boolean {
  return BSON.EJSON.stringify({ value: one }) === BSON.EJSON.stringify({ value: other });
}

function compare(one: unknown, other: unknown): number {
  const [left, right] = [one, other].map((value) => (value instanceof Date ? value.getTime() : value)) as [number, number];
  return left < right ? -1 : left > right ? 1 : 0;
}
