// @vitest-environment happy-dom
/** What happens on failure, as a person sets it: each part in the document, none where nothing is said. */
import { emptyFlow, type FlowNode, type NodePolicy } from '@switchyard/shared';
import { act } from 'react';
import { expect, test } from 'vitest';
import { setPolicy, setTitle } from '../editor/commands.ts';
import { setStage } from '../testing/stage.tsx';
import { editor, useEditor } from '../use-editor.ts';
import { PolicySection } from './policy-section.tsx';
import { policyLine, readCodes } from './policy-text.ts';

const stage = setStage();

function Section() {
  return <PolicySection id="fill" node={useEditor((state) => state.flow.nodes.fill) as FlowNode} />;
}

function open(policy?: NodePolicy): void {
  const node = { kind: 'template', config: { template: 'x' }, ...(policy && { policy }) };
  act(() => {
    editor.open({ id: 'test', revision: 1, flow: { ...emptyFlow('Test'), nodes: { fill: node } } });
    stage.render(<Section />);
  });
}

const policy = () => editor.state().flow.nodes.fill?.policy;
const press = (name: string) => act(() => [...stage.host.querySelectorAll('button')].find((button) => button.textContent?.startsWith(name))?.click());

function type(label: string, text: string): void {
  const id = [...stage.host.querySelectorAll('label')].find((each) => each.textContent === label)?.htmlFor ?? '';
  const input = document.getElementById(id) as HTMLInputElement;
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

test('tries, time and what becomes of the run are set, and are one line when folded', () => {
  open();
  expect(stage.host.textContent).toContain('as usual');
  press('When it is slow');
  type('Tries', '5');
  type('First pause', '200');
  type('Time limit', '20');
  expect(policy()).toEqual({ retry: { attempts: 5, baseMs: 200 }, timeoutSeconds: 20 });
  press('Error port');
  expect(policy()?.onFailure).toBe('port');
  press('When it is slow');
  expect(stage.host.textContent).toContain('5 tries · 20 s · gives its failure at a port');
});

test('taking everything back leaves no policy, and tries taken away take their pauses along', () => {
  open({ retry: { attempts: 3, baseMs: 100 }, onFailure: 'continue', default: { text: 'none' } });
  press('When it is slow');
  type('Tries', '');
  expect(policy()).toEqual({ onFailure: 'continue', default: { text: 'none' } });
  press('Stop');
  expect(policy()).toBeUndefined();
});

test('what cannot be is not taken', () => {
  open();
  press('When it is slow');
  type('Tries', '0');
  type('Tries', '1.5');
  type('Time limit', '-1');
  expect(policy()).toBeUndefined();
});

test('a node keeps its policy when it is renamed', () => {
  const flow = { ...emptyFlow('Test'), nodes: { fill: { kind: 'template', config: {} } } };
  const kept = setTitle(setPolicy(flow, 'fill', { timeoutSeconds: 3 }), 'fill', 'Fill');
  expect(kept.nodes.fill).toEqual({ kind: 'template', config: {}, title: 'Fill', policy: { timeoutSeconds: 3 } });
});

test('codes are read however they are set apart', () => {
  expect(readCodes(' http-status,timeout  timeout ')).toEqual(['http-status', 'timeout']);
  expect(readCodes(' , ')).toBeUndefined();
  expect(policyLine({ retry: { attempts: 1 }, onFailure: 'stop' })).toBe('one try');
});
