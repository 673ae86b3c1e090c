/** The TypeScript declarations that a control node tells a model who writes code, read back as operations with schemas: as much of the language as stands in them. */
import type { Json, JsonObject, Message, Schema, Tool } from '@switchyard/shared';

/** A function of an object, and what a tool of the same operation would be told as. */
export interface DeclaredFunction {
  /** As code calls it: `orders.query`. */
  call: string;
  tool: Tool;
}

/** The declarations in the fenced blocks of the system messages. */
export function declarationsIn(messages: readonly Message[]): string {
  const system = messages.filter(({ role }) => role === 'system').map(({ text }) => text);
  return [...system.join('\n').matchAll(/```ts\s*\n([\s\S]*?)\n```/g)].map(([, text = '']) => text).join('\n');
}

/** Every function alone that is declared in the text: operations under their tools' names. */
export function readFunctions(text: string): Tool[] {
  return [...text.matchAll(/^\/\*\* (.*) \*\/\ndeclare function (\w+)\(args\??: (.*)$/gm)].map(([, description = '', name = '', rest = '']) => ({
    name,
    description,
    parameters: new TypeReader(rest).read(),
  }));
}

/** Every function of every object that is declared in the text. */
export function readDeclarations(text: string): DeclaredFunction[] {
  return [...text.matchAll(/^declare const (\w+): \{\n([\s\S]*?)^\};/gm)].flatMap(([, root = '', body = '']) =>
    [...body.matchAll(/^ {2}\/\*\* (.*) \*\/\n {2}(\w+)\(args\??: (.*)$/gm)].map(([, description = '', name = '', rest = '']) => ({
      call: `${root}.${name}`,
      tool: { name: `${root}_${name}`, description, parameters: new TypeReader(rest).read() },
    })),
  );
}

const names: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  null: { type: 'null' },
  any: {},
  true: { const: true },
  false: { const: false },
};

/** Reads one type, up to where it ends. What it does not know is read as anything. */
class TypeReader {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/\/\*\*.*?\*\/|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_$][\w$]*|\S/g) ?? [];
  }

  read(): Schema {
    const all = [this.#single()];
    while (this.#take('|') || this.#take('&')) all.push(this.#single());
    const [first = {}] = all;
    if (all.length === 1) return first;
    return all.every((one) => 'const' in one) ? { enum: all.map((one) => one.const as Json) } : { anyOf: all };
  }

  #single(): Schema {
    let type = this.#primary();
    while (this.#peek() === '[' && this.#tokens[this.#at + 1] === ']') {
      this.#at += 2;
      type = { type: 'array', items: type };
    }
    return type;
  }

  #primary(): Schema {
    const token = this.#next();
    if (token === '{') return this.#object();
    if (token === '(') {
      const inner = this.read();
      this.#take(')');
      return inner;
    }
    if (token === 'Record') {
      while (this.#peek() !== undefined && !this.#take(',')) this.#at += 1;
      const additionalProperties = this.read();
      this.#take('>');
      return { type: 'object', additionalProperties };
    }
    const literal = literalOf(token);
    if (literal !== undefined) return { const: literal };
    return Object.hasOwn(names, token) ? (names[token] as Schema) : {};
  }

  #object(): Schema {
    const properties: JsonObject = {};
    const required: string[] = [];
    while (this.#peek() !== undefined && !this.#take('}')) {
      const description = /^\/\*\* (.*) \*\/$/.exec(this.#peek() ?? '')?.[1];
      if (description !== undefined) this.#at += 1;
      const token = this.#next();
      const name = String(literalOf(token) ?? token);
      if (!this.#take('?')) required.push(name);
      this.#take(':');
      const format = /\((date|date-time|time|email|uri|uuid)\)$/.exec(description ?? '')?.[1];
      properties[name] = { ...this.read(), ...(description !== undefined && { description }), ...(format !== undefined && { format }) };
      this.#take(';');
    }
    return { type: 'object', properties, required };
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#tokens[this.#at] ?? '';
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }
}

/** A string or a number as JSON writes it; undefined for what only begins like one. */
function literalOf(token: string): string | number | undefined {
  if (!/^["\d-]/.test(token)) return undefined;
  try {
    return JSON.parse(token) as string | number;
  } catch {
    return undefined;
  }
}
