/**
 * JavaScript that runs in the guest before the user's code: the console, and the ways out for results and errors. It takes what it needs of
 * the language before user code can change it; what it gives is checked by the host all the same.
 */
import { guestLimits } from './sandbox-protocol.ts';

const { logLines, logCharacters } = guestLimits;

/** Gives `{ prepare, finish, explain, logs }`. Each takes and gives strings, but for the function and the values of the guest itself. */
export const guestSetup = `(function () {
  'use strict';
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { defineProperty, create } = Object;
  const cut = String.prototype.slice;
  const lines = [];
  let used = 0;
  let count = 0;

  function describe(value) {
    if (typeof value === 'string') return value;
    if (value === undefined) return 'undefined';
    if (typeof value === 'bigint') return \`\${value}n\`;
    if (typeof value === 'function' || typeof value === 'symbol') return \`[\${typeof value}]\`;
    try {
      if (value instanceof Error) return \`\${value.name}: \${value.message}\`;
      return \`\${stringify(value)}\`;
    } catch {
      return '[not JSON]';
    }
  }

  function log(...values) {
    if (count >= ${logLines} || used >= ${logCharacters}) return;
    let line = '';
    for (let index = 0; index < values.length; index += 1) line += \`\${index === 0 ? '' : ' '}\${describe(values[index])}\`;
    line = apply(cut, line, [0, ${logCharacters} - used]);
    used += line.length;
    defineProperty(lines, count, { value: line, enumerable: true, configurable: true, writable: true });
    count += 1;
  }

  for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly', 'std', 'os', 'scriptArgs', 'print']) delete globalThis[name];
  defineProperty(globalThis, 'console', { value: { log, info: log, warn: log, error: log, debug: log }, configurable: true, writable: true, enumerable: false });

  return {
    prepare(make, inputs, roots) {
      const given = parse(inputs);
      for (const name in roots) defineProperty(given, name, { value: roots[name], enumerable: true });
      return make(given);
    },
    finish(value) {
      const text = stringify(value);
      return text === undefined ? 'null' : text;
    },
    explain(error) {
      const told = create(null);
      try {
        told.name = error instanceof Error ? \`\${error.name}\${typeof error.code === 'string' ? \` [\${error.code}]\` : ''}\` : '';
        told.message = error instanceof Error ? \`\${error.message}\` : describe(error);
        told.stack = error instanceof Error ? \`\${error.stack}\` : '';
      } catch {
        told.message = 'what was thrown cannot be read';
      }
      return stringify({ name: apply(cut, told.name ?? '', [0, 100]), message: apply(cut, told.message ?? '', [0, 1000]), stack: apply(cut, told.stack ?? '', [0, 2000]) });
    },
    logs: () => stringify(lines),
  };
})()`;
