import { expect, test } from 'vitest';
import { inOrder, parallel, type Completion, type Handle, type Step } from './node.ts';

/** A step that waits for its keys one after the other, and gives what came. */
function* waits(...keys: string[]): Step<string> {
  const got: string[] = [];
  for (const key of keys) got.push(String(((yield { key }) as Completion).result));
  return got.join('+');
}

/** Drives a step by hand: the keys that it waits for, and completing one. */
function drive<T>(step: Step<T>) {
  let turn = step.next(undefined as never);
  return {
    keys: () => (turn.done ? [] : (turn.value as readonly Handle[]).map(({ key }) => key)),
    complete(key: string) {
      turn = step.next({ key, result: key.toUpperCase() });
      return this;
    },
    result: () => (turn.done ? turn.value : undefined),
  };
}

test('steps side by side each advance by their own completions', () => {
  const run = drive(parallel([waits('a', 'b'), waits('c')]));
  expect(run.keys()).toEqual(['a', 'c']);
  expect(run.complete('c').complete('a').keys()).toEqual(['b']);
  expect(run.complete('b').result()).toEqual(['A+B', 'C']);
});

test('a part starts once all that it needs have ended, and not before', () => {
  const run = drive(
    inOrder([{ needs: [1, 2], start: () => waits('last') }, { start: () => waits('a') }, { start: () => waits('b') }, { needs: [1], start: () => waits('c') }]),
  );
  expect(run.keys()).toEqual(['a', 'b']);
  expect(run.complete('a').keys()).toEqual(['b', 'c']);
  expect(run.complete('b').keys()).toEqual(['c', 'last']);
  expect(run.complete('last').complete('c').result()).toEqual(['LAST', 'A', 'B', 'C']);
});

test('no more than so many parts are under way', () => {
  const run = drive(
    inOrder(
      ['a', 'b', 'c'].map((key) => ({ start: () => waits(key) })),
      2,
    ),
  );
  expect(run.keys()).toEqual(['a', 'b']);
  expect(run.complete('b').keys()).toEqual(['a', 'c']);
  expect(run.complete('a').complete('c').result()).toEqual(['A', 'B', 'C']);
});

test('parts that end without waiting let the next ones start, and a circle is a fault', () => {
  const run = drive(inOrder([{ needs: [1], start: () => waits() }, { start: () => waits() }]));
  expect(run.result()).toEqual(['', '']);
  expect(() => drive(inOrder([{ needs: [0], start: () => waits() }]))).toThrow('circle');
});
