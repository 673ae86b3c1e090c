/** Plans a request: for each clause the option that explains it best, with calls that several clauses need made once. */
import { splitClauses, type Clause } from './clauses.ts';
import { sourceName } from './answer/step-words.ts';
import { isMessage, type Surroundings } from './fill.ts';
import type { Database, Layer, Parameter } from './layer.ts';
import { columnFor, fillOperation, optionOf, ownWords, queryStep, type Filling, type Option } from './option.ts';
import { isAncestor, lineage } from './schema/join-path.ts';
import { firstDate } from './reading/dates.ts';
import { startDraft, type Draft } from './reading/draft.ts';
import { readQuestion, type Reading } from './reading/read-question.ts';
import type { Question } from './question/question.ts';
import type { Column, Table } from './schema/model.ts';
import { humanName, singular } from '../text/words.ts';
import type { Token } from './tokens.ts';
import type { Attempt, Binding, Plan, Step, Unplanned } from './step.ts';
import { usesAll } from './step.ts';

interface Scene {
  layer: Layer;
  clauses: readonly Clause[];
  quotes: readonly string[];
  afterColon?: string;
}

/** What was read before the clause at hand. */
interface Before {
  draft?: Draft;
  questions: ReadonlyMap<Database, Question>;
}

const leastScore = 0.5;
const leastCoverage = 0.6;
const mostFanned = 5;
const namedBonus = 0.02;
/** An operation that no word names may do something narrower than what is asked. */
const unnamedLoss = 0.1;

/** The plan for a request; clauses that nothing fits are told, not guessed. */
export function planRequest(request: string, layer: Layer): Plan {
  const clauses = splitClauses(request);
  const quotes = clauses.flatMap((clause) => clause.tokens.filter(({ kind }) => kind === 'quote').map(({ text }) => text));
  const afterColon = quotes.length === 0 ? /:\s*(\S[\s\S]*)$/.exec(request)?.[1]?.trim() : undefined;
  const scene: Scene = { layer, clauses, quotes, ...(afterColon !== undefined && { afterColon }) };
  const steps: Step[] = [];
  const unplanned: Unplanned[] = [];
  let before: Before = { questions: new Map() };
  for (const clause of clauses) {
    const draft = draftOf(clause.tokens, layer);
    const readings = readAll(clause.tokens, layer, before);
    if (!clause.isSupply) {
      const option = bestOption(optionsFor(clause.text, draft, readings, { scene, before }));
      if (option) steps.push(...option.steps);
      else
        unplanned.push({
          text: clause.text.replace(/[\s,;]*(?:\b(?:and|then)\b)?[\s,;]*$/, ''),
          why: whyNot(draft, fillings(clause.text, draft, { scene, before })),
        });
    }
    before = {
      draft: clause.isSupply && before.draft ? before.draft : draft,
      questions: new Map([...before.questions, ...readings.map(({ database, reading }) => [database, reading.question] as const)]),
    };
  }
  return { steps: lastUsers(deduplicate(steps)), unplanned };
}

interface DatabaseReading {
  database: Database;
  reading: Reading;
}

function readAll(tokens: readonly Token[], layer: Layer, before: Before): DatabaseReading[] {
  return layer.databases.flatMap((database) => {
    const reading = readQuestion(tokens, database.schema, before.questions.get(database));
    return reading ? [{ database, reading }] : [];
  });
}

/** The clause against all databases at once: what one of them knows is no unknown name to another. */
function draftOf(tokens: readonly Token[], layer: Layer): Draft {
  return startDraft(tokens, { tables: layer.databases.flatMap(({ schema }) => schema.tables) });
}

interface Around {
  scene: Scene;
  before: Before;
  /** Within the plan of what another operation needs to know. */
  isInner?: boolean;
}

function optionsFor(text: string, draft: Draft, readings: readonly DatabaseReading[], around: Around): Option[] {
  const all = fillings(text, draft, around);
  const complete = all.filter(({ missing, usesAll: takesAll }) => missing.length === 0 && !takesAll);
  return [
    ...complete.flatMap((filling) => listed(optionOf([operationStep(filling)], filling.explained, draft), filling.isNamed ? namedBonus : -unnamedLoss)),
    ...readings.filter(({ reading }) => reading.coverage >= leastCoverage).flatMap(({ database, reading }) => queryOption(database, reading, draft)),
    ...all.filter(({ missing }) => missing.length > 0).flatMap((filling) => fedOptions(filling, { draft, complete, readings })),
    ...(around.isInner
      ? []
      : all.filter(({ missing, usesAll: takesAll }) => takesAll && missing.length === 0).flatMap((filling) => informedOptions(filling, draft, around))),
  ];
}

/** The operations that a word of the clause speaks for, filled as far as the request can. */
function fillings(text: string, draft: Draft, { scene, before }: Around): Filling[] {
  const surroundings: Surroundings = {
    text,
    quotes: scene.quotes,
    ...(before.draft && { before: before.draft }),
    ...(scene.afterColon !== undefined && { afterColon: scene.afterColon }),
  };
  return scene.layer.operations.map((operation) => fillOperation(operation, draft, surroundings)).filter((filling) => ownWords(filling, draft) > 0);
}

function listed(option: Option | undefined, bonus = 0): Option[] {
  return option ? [{ ...option, score: option.score + bonus }] : [];
}

function bestOption(options: readonly Option[]): Option | undefined {
  const best = options.reduce<Option | undefined>((top, one) => (top && top.score >= one.score ? top : one), undefined);
  return best && best.score >= leastScore ? best : undefined;
}

function operationStep({ operation, bindings }: Filling, more: readonly (readonly [string, Binding])[] = []): Step {
  return { attempts: [{ operation, bindings: new Map([...bindings, ...more]) }], needs: [], loose: [] };
}

function queryOption(database: Database, reading: Reading, draft: Draft): Option[] {
  const step = queryStep(database, reading.question, []);
  return step ? listed(optionOf([{ ...step, loose: reading.loose }], reading.used, draft)) : [];
}

/** An operation that lacks a parameter, after another that finds it: an operation that speaks of it, or a query for the column that holds it. */
function fedOptions(filling: Filling, known: { draft: Draft; complete: readonly Filling[]; readings: readonly DatabaseReading[] }): Option[] {
  const { draft, complete, readings } = known;
  const byQuery = readings.flatMap(({ database, reading }) => {
    const columns = filling.missing.map((parameter) => columnFor(parameter, database));
    const first = columns.every((column) => column !== undefined) ? feedingQuery(database, reading, { columns, draft }) : undefined;
    return first ? [{ first, explained: reading.used, bonus: 0 }] : [];
  });
  const byOperation = complete
    .filter(
      (other) => other.operation !== filling.operation && filling.missing.every((parameter) => parameter.stems.some((stem) => other.operation.words.has(stem))),
    )
    .map((other) => {
      // Should it turn out not to give what is needed, the query takes its place.
      const first = operationStep(other);
      first.attempts.push(...(byQuery[0]?.first.attempts.slice(0, 1) ?? []));
      return { first, explained: other.explained, bonus: namedBonus };
    });
  return [...byOperation, ...byQuery].flatMap(({ first, explained, bonus }) => {
    first.needs = filling.missing;
    const adds = [...filling.explained].some((index) => !explained.has(index));
    if (!adds) return [];
    const second = operationStep(
      filling,
      filling.missing.map((parameter) => [parameter.name, { kind: 'found', step: first, parameter }]),
    );
    return listed(optionOf([first, second], new Set([...explained, ...filling.explained]), draft), bonus);
  });
}

/** Rows with the columns that are needed; of several rows the latest: one where the clause speaks of one. */
function feedingQuery(database: Database, { question }: Reading, { columns, draft }: { columns: readonly Column[]; draft: Draft }): Step | undefined {
  const { goal } = question;
  if (goal.kind !== 'rows') return undefined;
  const isKeyed = question.filters.some((filter) => filter.kind === 'values' && filter.column === question.base.key);
  const holder = columns[0]?.table;
  // A row may have many below it that hold the column: the latest of those is meant, so they are what is looked for.
  const base = holder && !goal.order && !isKeyed && isAncestor(question.base, holder) ? holder : question.base;
  const date = isKeyed
    ? undefined
    : lineage(base)
        .map(firstDate)
        .find((column) => column !== undefined);
  const order = goal.order ?? (date && { by: date, isDescending: true });
  const limit = Math.min(goal.limit, goal.order || isKeyed || isPluralOf(draft, base) ? mostFanned : 1);
  return queryStep(database, { ...question, base, goal: { ...goal, wanted: [], limit, ...(order && { order }) } }, columns);
}

/** Does the clause speak of several rows of the table? */
function isPluralOf(draft: Draft, table: Table): boolean {
  const mention = draft.mentions.find((one) => one.tables.some((named) => named.table === table) || one.columns.some(({ column }) => column.table === table));
  const word = mention && draft.tokens[mention.end - 1]?.word;
  return word !== undefined && singular(word) !== word;
}

/** An operation that takes what has been found out, after a plan for the rest of the clause; that plan may be empty where other clauses find something out. */
function informedOptions(filling: Filling, draft: Draft, around: Around): Option[] {
  const { scene, before } = around;
  const rest = draft.tokens.filter((_, index) => !isOwn(filling, draft, index));
  const inner = draftOf(rest, scene.layer);
  const option = bestOption(optionsFor(rest.map(({ text }) => text).join(' '), inner, readAll(rest, scene.layer, before), { ...around, isInner: true }));
  const innerExplained = option ? [...option.explained].map((index) => draft.tokens.indexOf(rest[index] as Token)) : [];
  return listed(optionOf([...(option?.steps ?? []), operationStep(filling)], new Set([...filling.explained, ...innerExplained]), draft), namedBonus);
}

/** A word that speaks for the operation itself; its names and numbers may be needed to find things out as well. */
function isOwn(filling: Filling, draft: Draft, index: number): boolean {
  const token = draft.tokens[index];
  return (
    token?.kind === 'word' &&
    !token.isCapital &&
    filling.explained.has(index) &&
    !draft.mentions.some((mention) => index >= mention.start && index < mention.end)
  );
}

function needText(parameter: Parameter): string {
  return isMessage(parameter) ? `a ${humanName(parameter.name)} in quotation marks` : `"${humanName(parameter.name)}"`;
}

function deduplicate(steps: readonly Step[]): Step[] {
  const kept: Step[] = [];
  const same = new Map<Step, Step>();
  for (const step of steps) {
    for (const attempt of step.attempts) redirect(attempt, same);
    const twin = kept.find((other) => textOf(other) === textOf(step));
    if (twin) same.set(step, twin);
    else kept.push(step);
  }
  return kept;
}

function redirect(attempt: Attempt, same: ReadonlyMap<Step, Step>): void {
  const changed = [...attempt.bindings].map(([name, binding]): [string, Binding] => [
    name,
    binding.kind === 'found' ? { ...binding, step: same.get(binding.step) ?? binding.step } : binding,
  ]);
  attempt.bindings = new Map(changed);
}

function textOf({ attempts }: Step): string {
  const [first] = attempts;
  const values = [...(first?.bindings ?? [])].map(([name, binding]) => [
    name,
    binding.kind === 'value' ? binding.value : binding.kind === 'found' ? textOf(binding.step) : 'all',
  ]);
  return JSON.stringify([first?.operation.tool, values]);
}

/** What uses everything found comes last. */
function lastUsers(steps: readonly Step[]): Step[] {
  const isUser = (step: Step) => step.attempts.some(usesAll);
  return [...steps.filter((step) => !isUser(step)), ...steps.filter(isUser)];
}

function whyNot(draft: Draft, near: readonly Filling[]): string {
  const lacking = near.filter(({ missing }) => missing.length > 0).toSorted((a, b) => ownWords(b, draft) - ownWords(a, draft))[0];
  if (lacking) return `${sourceName(lacking.operation)} would need ${lacking.missing.map(needText).join(' and ')}, which the request does not give`;
  const known = draft.mentions.map((mention) =>
    draft.tokens
      .slice(mention.start, mention.end)
      .map(({ text }) => text)
      .join(' '),
  );
  return known.length === 0
    ? 'none of its words fits what can be called'
    : `it speaks of ${[...new Set(known)].slice(0, 5).join(', ')}, but asks for something that cannot be put together from it`;
}
