import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TransientMap } from './transient-map.ts';

test('it is a Map in which what is set anew comes last', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const act = fc.oneof(
    fc.record({ act: fc.constant('set' as const), key, value: fc.nat() }),
    fc.record({ act: fc.constant('delete' as const), key }),
    fc.record({ act: fc.constant('deleteOldest' as const) }),
    fc.record({ act: fc.constant('clear' as const) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const model = new Map<string, { value: number }>();
      const map = new TransientMap<{ value: number }>();
      for (const one of acts) {
        if (one.act === 'set') {
          const value = { value: one.value };
          model.delete(one.key);
          model.set(one.key, value);
          map.set(one.key, value);
        } else if (one.act === 'delete') {
          model.delete(one.key);
          map.delete(one.key);
        } else if (one.act === 'clear') {
          model.clear();
          map.clear();
        } else {
          const [oldest] = model.keys();
          if (oldest !== undefined) model.delete(oldest);
          map.deleteOldest();
        }
        expect(map.values()).toEqual([...model.values()]);
        expect(map.size).toBe(model.size);
        for (const known of ['a', 'b', 'c', 'd']) {
          expect(map.get(known)).toBe(model.get(known));
          expect(map.has(known)).toBe(model.has(known));
        }
      }
    }),
  );
});
