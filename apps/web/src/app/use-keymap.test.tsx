// @vitest-environment happy-dom
/** A key whose action cannot be done now says why, where there is something to say. */
import { emptyFlow } from '@switchyard/shared';
import { act } from 'react';
import { expect, test } from 'vitest';
import { compilerLoaded } from '../browser-editor.ts';
import { setStage } from '../testing/stage.tsx';
import { useMessages } from '../ui/messages.ts';
import { editor } from '../use-editor.ts';
import { useKeymap } from './use-keymap.ts';

const stage = setStage();
const flow = {
  ...emptyFlow('Test'),
  nodes: {
    boss: { kind: 'control', config: { model: 'm' } },
    desk: { kind: 'llm', title: 'Desk', config: { model: 'm', prompt: 'x' } },
  },
  grants: [{ from: 'boss', to: 'desk' }],
};

function Keys() {
  useKeymap();
  return null;
}

test('P on a node that is only called tells why it cannot be pinned', async () => {
  await compilerLoaded;
  editor.open({ id: 'test', revision: 1, flow });
  stage.render(<Keys />);
  const pressed = (key: string) => {
    useMessages.setState({ messages: [] });
    act(() => void document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
    return useMessages.getState().messages.map(({ text, description }) => [text, description]);
  };
  editor.select(['desk']);
  expect(pressed('p')).toEqual([['"Desk" is only called, so it has no outputs to pin.', 'It gives what each call asks for. Pin the node that calls it.']]);
  editor.select([]);
  expect(pressed('p')).toEqual([]);
});
