/** A query with `{{ }}` holes and `:name` parameters as SQL with parameters alone: no value is ever written into the text. */
import { sqlParameters, type JsonObject } from '@switchyard/shared';
import { ExpressionError, parseTemplate, templateVariables, type Expression } from '../../expression.ts';

interface Prepared {
  sql: string;
  /** Holes by the name of the parameter that stands for them. */
  holes: [parameter: string, hole: Expression][];
  /** Names of `:name` parameters as written. */
  names: string[];
}

/** Names that the query needs: the variables of its holes, then its `:name` parameters. None of a template that does not parse. */
export function queryVariables(query: string): string[] {
  const variables = templateVariables(query);
  return [...new Set([...variables, ...(isParsable(query) ? prepare(query).names : [])])];
}

/** What is wrong with the query beyond its template; undefined where nothing is. */
export function queryProblem(query: string): string | undefined {
  if (!isParsable(query)) return undefined;
  const { sql, holes } = prepare(query);
  const { names, others } = sqlParameters(sql);
  if (others.length > 0) return `The query has the parameter ${others[0]}. Write parameters as :name or as {{ }} holes.`;
  if (holes.some(([parameter]) => !names.includes(parameter)))
    return "A {{ }} hole of the query stands within quotes or a comment, where no value can be bound. Take the quotes off; to match a part of a text, write LIKE '%' || {{ name }} || '%'.";
  return undefined;
}

/** Evaluates the holes and binds all values. Throws a FailureError where an expression fails. */
export function bindQuery(query: string, inputs: JsonObject): { sql: string; parameters: JsonObject } {
  const { sql, holes, names } = prepare(query);
  const parameters: JsonObject = {};
  for (const name of names) parameters[name] = inputs[name] ?? null;
  for (const [parameter, hole] of holes) parameters[parameter] = hole.evaluate(inputs);
  return { sql, parameters };
}

function prepare(query: string): Prepared {
  const { parts } = parseTemplate(query);
  const names = sqlParameters(parts.map((part) => (typeof part === 'string' ? part : ' ')).join('')).names;
  const holes: Prepared['holes'] = [];
  const sql = parts
    .map((part) => {
      if (typeof part === 'string') return part;
      let number = holes.length + 1;
      while (names.includes(`hole_${number}`)) number += 1_000;
      holes.push([`hole_${number}`, part]);
      return `:hole_${number}`;
    })
    .join('');
  return { sql, holes, names };
}

function isParsable(query: string): boolean {
  try {
    parseTemplate(query);
    return true;
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}
