/**
 * JavaScript that runs in the guest before code that may call: the functions that it is given, and its only time and chance. Like the guest's other
 * own code it takes what it needs of the language before user code can change it; what it gives is checked by the host all the same.
 *
 * 1. A function of the guest's makes a note and a promise, nothing else: no function of the host is behind it.
 * 2. Answers come in rounds, each once nothing else is left to do. So a pass goes the way of the pass before, up to where that one stopped.
 * 3. An answer is for the very call that was asked for, by number, name and arguments; any other is refused.
 */
import { guestLimits } from './sandbox-protocol.ts';

const { calls: mostCalls, characters } = guestLimits;

/** A function of JSON text `{ functions, now, seed }` that gives `{ roots, isOpen, asked, release }`. */
export const guestCalls = `(function (given) {
  'use strict';
  const { parse, stringify } = JSON;
  const { create, defineProperty, freeze, hasOwn } = Object;
  const { construct } = Reflect;
  const { imul } = Math;
  const ThePromise = Promise;
  const TheError = Error;
  const TheDate = Date;
  const { functions, now, seed } = parse(given);
  const open = create(null);
  let next = 0;
  let count = 0;
  let size = 0;

  // Without a prototype, so that nothing put on Object.prototype is taken for a part of it.
  function described(value) {
    const descriptor = create(null);
    descriptor.value = value;
    descriptor.configurable = true;
    descriptor.writable = true;
    return descriptor;
  }

  function ask(name, args) {
    return new ThePromise((resolve, reject) => {
      const text = args === undefined ? '{}' : stringify(args) ?? 'null';
      size += text.length;
      if (count >= ${mostCalls}) throw new TheError('Not called: code makes at most ${mostCalls} calls');
      if (size > ${characters}) throw new TheError('Not called: the arguments of its calls are over 1 MB');
      const stack = new TheError().stack;
      const call = create(null);
      call.name = name;
      call.text = text;
      call.stack = typeof stack === 'string' ? stack : '';
      call.resolve = resolve;
      call.reject = reject;
      open[count] = call;
      count += 1;
    });
  }

  function thrown({ code, message }, stack) {
    const error = new TheError(message);
    defineProperty(error, 'name', described('CallError'));
    defineProperty(error, 'code', described(code));
    defineProperty(error, 'stack', described(stack));
    return error;
  }

  const roots = create(null);
  for (const name of functions) {
    const [root, own] = name.split('.');
    const fn = (args) => ask(name, args);
    if (own === undefined) roots[root] = fn;
    else {
      roots[root] ??= create(null);
      roots[root][own] = fn;
    }
  }
  for (const root in roots) freeze(roots[root]);

  const fixed = () => now;
  defineProperty(TheDate, 'now', described(fixed));
  const FixedDate = new Proxy(TheDate, {
    construct: (target, args, newTarget) => construct(target, args.length === 0 ? [now] : args, newTarget),
    apply: () => new TheDate(now).toString(),
  });
  defineProperty(TheDate.prototype, 'constructor', described(FixedDate));
  defineProperty(globalThis, 'Date', described(FixedDate));
  delete globalThis.performance;
  let state = seed | 0;
  defineProperty(Math, 'random', described(() => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  }));

  return {
    roots,
    isOpen: () => next < count,
    asked() {
      let text = '';
      for (let number = next; number < count; number += 1) {
        text += \`\${text === '' ? '' : ','}{"name":\${stringify(open[number].name)},"arguments":\${stringify(open[number].text)}}\`;
      }
      return \`[\${text}]\`;
    },
    release(round) {
      const answers = parse(round);
      if (answers.length !== count - next) return false;
      for (let index = 0; index < answers.length; index += 1) {
        const answer = answers[index];
        const call = open[next];
        if (answer.name !== call.name || answer.arguments !== call.text) return false;
        delete open[next];
        next += 1;
        if (hasOwn(answer, 'failure')) call.reject(thrown(answer.failure, call.stack));
        else call.resolve(answer.value);
      }
      return true;
    },
  };
})`;
