/** Rules of links: their ends, their types, and several at one input. Each rule sees its mistake, tells it at its place with a fix where there is one, and keeps silent where it cannot judge. */
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { check, codes, draw, mended, only, registry, straight, text, workspace } from '../../testing/drawn-flow.ts';

it('a flow without mistakes has no diagnostics', () => {
  expect(check(draw({ say: text('Hi {{ who }}') }, 'ask.question > say.who', 'say.text > reply.answer'))).toEqual([]);
});

describe('links', () => {
  it('end at nodes that exist', () => {
    const flow = draw({}, 'ask.question > replly.answer', ...straight);
    const found = only(flow, 'link-end-missing');
    expect(found).toMatchObject({ severity: 'error', path: '/links/0/to' });
    expect(found.fix?.patch).toEqual([{ op: 'replace', path: '/links/0/to', value: 'reply.answer' }]);
    expect(mended(flow, found)).toEqual(['link-doubled']);
    const stray = draw({}, 'nowhere.at > reply.rest', ...straight);
    expect(mended(stray, only(stray, 'link-end-missing'))).toEqual([]);
  });

  it('end at ports that exist, object methods not among them', () => {
    const flow = draw({}, 'ask.qestion > reply.answer', 'ask.count > reply.toString');
    const found = check(flow);
    expect(found.map(({ code, path, node, field: name }) => [code, path, node, name])).toEqual([
      ['port-missing', '/links/0/from', 'ask', 'qestion'],
      ['port-missing', '/links/1/to', 'reply', 'toString'],
    ]);
    expect(found[0]?.message).toContain('"question", "count"');
    expect(found[0]?.fix?.patch).toEqual([{ op: 'replace', path: '/links/0/from', value: 'ask.question' }]);
  });

  it('are kept while the text that names their input does not parse', () => {
    const flow = (template: string) => draw({ say: text(template) }, 'ask.question > say.who', 'say.text > reply.answer');
    expect(codes(flow('Hi {{ who + }}'))).toEqual(['expression-invalid']);
    expect(codes(flow('Hi {{ whom }}'))).toContain('port-missing');
  });

  it('are drawn once', () => {
    const flow = draw({}, ...straight, ...straight);
    const found = only(flow, 'link-doubled');
    expect(found).toMatchObject({ severity: 'warning', path: '/links/1' });
    expect(compile(flow, workspace, registry).plan?.tasks[1]?.inputs.answer?.sources).toHaveLength(1);
    expect(mended(flow, found)).toEqual([]);
  });

  it('fit in type, or are warned of', () => {
    const found = only(draw({}, 'ask.count > reply.answer'), 'port-type');
    expect(found).toMatchObject({ severity: 'warning', path: '/links/0', node: 'reply', field: 'answer' });
    expect(found.message).toMatch(/gives integer.*expects string/);
  });

  it('reach every required input of a step', () => {
    const flow = draw({ say: text('{{ a }} {{ b }}') }, 'ask.question > say.a', 'say.text > reply.answer');
    expect(only(flow, 'input-missing')).toMatchObject({ severity: 'error', path: '/nodes/say', node: 'say', field: 'b' });
  });
});

describe('several links into one input', () => {
  const way = { kind: 'branch', config: { cases: [{ port: 'yes', when: 'value == "x"' }] } };

  it('clash where both can carry a value', () => {
    const flow = draw({ say: text('{{ a }}') }, 'ask.question > say.a', 'say.text > reply.answer', 'ask.question > reply.answer');
    const found = only(flow, 'port-crowded');
    expect(found).toMatchObject({ severity: 'error', path: '/links/2', node: 'reply', field: 'answer' });
    expect(mended(flow, found)).toEqual([]);
  });

  it('are fine from different ways of one branch, also further down', () => {
    expect(codes(draw({ way }, 'ask.question > way.value', 'way.yes > reply.answer', 'way.else > reply.answer'))).toEqual([]);
    const nodes = { way, one: text('1 {{ a }}'), two: text('2 {{ a }}{{ b }}'), three: text('{{ a }}') };
    expect(
      codes(
        draw(
          nodes,
          'ask.question > way.value',
          'way.yes > one.a',
          'ask.question > two.a',
          'way.else > two.b',
          'two.text > three.a',
          'one.text > reply.answer',
          'three.text > reply.answer',
        ),
      ),
    ).toEqual([]);
  });

  it('are fine after two branches have met, and clash across different branches', () => {
    const second = { kind: 'branch', config: { cases: [{ port: 'no', when: 'value == "y"' }] } };
    expect(
      codes(
        draw(
          { way, second },
          'ask.question > way.value',
          'way.else > second.value',
          'way.yes > reply.answer',
          'second.no > reply.answer',
          'second.else > reply.answer',
        ),
      ),
    ).toEqual([]);
    expect(
      codes(draw({ way, second }, 'ask.question > way.value', 'ask.question > second.value', 'way.yes > reply.answer', 'second.no > reply.answer')),
    ).toEqual(['port-crowded']);
    const meet = { way, both: text('{{ a }}') };
    expect(
      codes(draw(meet, 'ask.question > way.value', 'way.yes > both.a', 'way.else > both.a', 'both.text > reply.answer', 'way.yes > reply.answer')),
    ).toEqual(['port-crowded']);
  });
});

describe('one output of several nodes', () => {
  const way = { kind: 'branch', config: { cases: [{ port: 'yes', when: 'value == "x"' }] } };
  const more = { kind: 'output', config: { fields: { answer: { type: 'string' } } } };

  it('is warned of where two of them can give it in one run', () => {
    const found = only(draw({ more }, 'ask.question > reply.answer', 'ask.question > more.answer'), 'output-crowded');
    expect(found).toMatchObject({ severity: 'warning', path: '/links/1', node: 'more', field: 'answer' });
  });

  it('is fine from different ways of one branch', () => {
    expect(codes(draw({ way, more }, 'ask.question > way.value', 'way.yes > reply.answer', 'way.else > more.answer', 'ask.count > reply.rest'))).toEqual([]);
  });
});

describe('an input that collects', () => {
  const first = (count: number) => ({ join: { kind: 'merge', config: { mode: 'first', count } } });
  const wires = ['ask.question > join.values', 'ask.count > join.values', 'join.values > reply.rest'];

  it('is warned of where it waits for more values than its links bring', () => {
    expect(codes(draw(first(2), ...wires))).toEqual([]);
    const flow = draw(first(3), ...wires);
    const found = only(flow, 'config-invalid');
    expect(found).toMatchObject({ severity: 'warning', path: '/nodes/join/config/count', node: 'join', field: 'count' });
    expect(found.message).toBe(
      'It is to take the first 3 values, but only 2 links bring any: it would always wait for all of them. Draw more links, or take fewer.',
    );
    expect(found.fix?.title).toBe('Take 2');
    expect(mended(flow, found)).toEqual([]);
  });

  it('counts a link that is drawn twice once, and leaves one without any link to the other rules', () => {
    expect(codes(draw(first(2), 'ask.question > join.values', 'ask.question > join.values', 'join.values > reply.rest'))).toEqual([
      'config-invalid',
      'link-doubled',
    ]);
    expect(codes(draw(first(2), ...straight, 'join.values > reply.rest'))).toEqual(['input-missing']);
  });
});
