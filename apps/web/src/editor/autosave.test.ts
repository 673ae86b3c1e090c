/** Work is never lost: what autosave does with every change, on a server that may be slow, away, or ahead. */
import { emptyFlow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { SavePostponedError, SaveRefusedError } from './autosave.ts';
import { openEditor } from './testing/editor-driver.ts';

const stateOf = (user: ReturnType<typeof openEditor>) => user.editor.state().saveState.name;

test('a change is in this browser at once, and on the server after a pause', async () => {
  const user = openEditor();
  user.adds('input');
  expect(user.drafts.get('flow')?.flow).toBe(user.flow());
  expect(stateOf(user)).toBe('saving');
  expect(user.server.saves).toBe(0);
  await user.waits(1000);
  expect(user.server.stored.flow).toBe(user.flow());
  expect(stateOf(user)).toBe('saved');
  expect(user.drafts.size).toBe(0);
  expect(user.editor.state().revision).toBe(2);
});

test('many changes are one save', async () => {
  const user = openEditor();
  for (let count = 0; count < 10; count += 1) {
    user.adds('input');
    await user.waits(100);
  }
  await user.waits(1000);
  expect(user.server.saves).toBe(1);
});

test('without a server the work is kept here, and saved when it is back', async () => {
  const user = openEditor();
  user.server.isDown = true;
  user.adds('input');
  await user.waits(1000);
  expect(stateOf(user)).toBe('offline');
  expect(user.drafts.get('flow')?.flow).toBe(user.flow());
  user.adds('output');
  user.server.isDown = false;
  await user.waits(5000);
  expect(stateOf(user)).toBe('saved');
  expect(user.server.stored.flow).toBe(user.flow());
});

test('a stale save is refused, and theirs is not overwritten whatever is changed afterwards', async () => {
  const user = openEditor();
  const theirs = emptyFlow('Theirs');
  user.server.saveElsewhere(theirs);
  user.adds('input');
  await user.waits(1000);
  expect(user.editor.state().saveState).toEqual({ name: 'conflict', theirs: { id: 'flow', revision: 2, flow: theirs } });
  user.adds('output');
  await user.waits(60_000);
  await user.editor.flush();
  expect(user.server.stored.flow).toBe(theirs);
  expect(user.drafts.get('flow')?.flow).toBe(user.flow());
  expect(stateOf(user)).toBe('conflict');
});

test('a document that the server cannot take is kept here, and tried again when it is changed', async () => {
  const user = openEditor();
  user.server.refusal = new SaveRefusedError('The flow has 10,001 nodes.');
  user.adds('input');
  await user.waits(1000);
  expect(user.editor.state().saveState).toEqual({ name: 'refused', message: 'The flow has 10,001 nodes.' });
  expect(user.drafts.size).toBe(1);
  user.server.refusal = undefined;
  user.adds('output');
  await user.waits(1000);
  expect(stateOf(user)).toBe('saved');
});

test('a server that cannot save now says why, and is asked again without a further change', async () => {
  const user = openEditor();
  user.server.refusal = new SavePostponedError('The disk is full.');
  user.adds('input');
  await user.waits(1000);
  expect(user.editor.state().saveState).toEqual({ name: 'postponed', message: 'The disk is full.' });
  expect(user.drafts.get('flow')?.flow).toBe(user.flow());
  user.server.refusal = undefined;
  await user.waits(5000);
  expect(stateOf(user)).toBe('saved');
});

test('a change during a save starts another, and the draft stays until the server has it', async () => {
  const user = openEditor();
  user.adds('input');
  const saving = user.editor.flush();
  user.adds('output');
  expect(user.drafts.get('flow')?.flow).toBe(user.flow());
  await saving;
  await user.waits(1000);
  expect(user.server.saves).toBe(2);
  expect(user.server.stored.flow).toBe(user.flow());
  expect(user.drafts.size).toBe(0);
});

test('a draft found again is saved at once', async () => {
  const user = openEditor();
  const found = { ...emptyFlow('Found again') };
  user.editor.open({ id: 'flow', revision: 1, flow: found }, true);
  await user.waits(0);
  expect(user.server.stored.flow).toBe(found);
  expect(stateOf(user)).toBe('saved');
});

test('an answer that arrives after another flow was opened changes nothing there', async () => {
  const user = openEditor();
  user.adds('input');
  const saving = user.editor.flush();
  user.editor.open({ id: 'other', revision: 7, flow: emptyFlow('Other') });
  await saving;
  expect(user.editor.state()).toMatchObject({ flowId: 'other', revision: 7, saveState: { name: 'saved' } });
});
