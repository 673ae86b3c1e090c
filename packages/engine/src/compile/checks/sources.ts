/** JavaScript that does not parse is told before it runs, with the line and the reason. It is read and never executed. */
import { pointer, type Diagnostic, type Span } from '@switchyard/shared';
import { parseExpressionAt, type Position } from 'acorn';
import type { ConfigField } from '../../config-fields.ts';
import type { Graph } from '../graph.ts';

export function checkSources(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) for (const setting of node.fields) found.push(...checkSource(node.id, setting));
  return found;
}

function checkSource(id: string, { widget, path, value, schema }: ConfigField): Diagnostic[] {
  if (widget !== 'source' || schema.language !== 'javascript' || typeof value !== 'string') return [];
  const mistake = syntaxMistake(value);
  if (mistake === undefined) return [];
  return [{ code: 'config-invalid', severity: 'error', path: pointer(['nodes', id, 'config', ...path]), node: id, field: String(path[0]), ...mistake }];
}

/** As the sandbox has it: the body of an async function, in strict mode. The code begins on the second line. */
const opening = 'async function(){"use strict";\n';
const closing = '\n}';
const longestWord = 100;

type Mistake = Pick<Diagnostic, 'message' | 'span'>;

/** What is wrong with the body of an async function; undefined where it parses. */
function syntaxMistake(code: string): Mistake | undefined {
  const source = `${opening}${code}${closing}`;
  try {
    const { end, loc } = parseExpressionAt(source, 0, { ecmaVersion: 'latest', locations: true });
    if (end === source.length || !loc) return undefined;
    const message = told({ line: loc.end.line, column: loc.end.column - 1 }, 'this brace closes nothing. Take it out, or open one before it.');
    return { message, span: spanAt(code, end - 1 - opening.length) };
  } catch (error) {
    // Nested deeper than the stack reaches here: the sandbox says what becomes of it.
    if (error instanceof RangeError || /stack space/.test((error as Error).message)) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    const { pos, loc } = error as SyntaxError & { pos: number; loc: Position };
    if (pos >= opening.length + code.length) {
      const lines = code.trimEnd().split('\n');
      const message = told(
        { line: lines.length + 1, column: lines.at(-1)?.length ?? 0 },
        'the code ends within something that is not complete. Close what is open.',
      );
      return { message, span: spanAt(code, code.trimEnd().length) };
    }
    return { message: told(loc, `${reasonOf(error, source.slice(pos))}. The code cannot run as it is.`), span: spanAt(code, pos - opening.length) };
  }
}

/** The word or sign that stands there; where none does, the one before it. */
function spanAt(code: string, at: number): Span {
  const start = Math.max(0, at);
  const [found] = /^(?:[\w$]+|\S)/.exec(code.slice(start, start + longestWord)) ?? [];
  if (found !== undefined) return { start, end: start + found.length };
  const before = code.slice(0, start).trimEnd().length;
  return { start: Math.max(0, before - 1), end: before };
}

/** The parser's own words, without the place, and without what is not so in the body of a function. */
function reasonOf({ message }: SyntaxError, rest: string): string {
  const reason = message.replace(/ \(\d+:\d+\)$/, '');
  if (reason.startsWith("'import' and 'export'")) return 'nothing can be imported or exported, the code has the language and its inputs alone';
  const [at] = /^(?:[\w$]+|[^\s\w])/.exec(rest) ?? [];
  return reason === 'Unexpected token' && at !== undefined ? `"${at}" is not expected here` : `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}

function told({ line, column }: Position, what: string): string {
  return `Line ${line - 1}, column ${column + 1}: ${what}`;
}
