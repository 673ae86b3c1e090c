/** Keys of the whole window: which action a press means, and when it is someone typing. Copy, cut and paste come as the browser's own events. */
import { useEffect } from 'react';
import type { Action } from '../editor/action.ts';
import { isPress } from '../editor/keys.ts';
import { copySelection, cutSelection } from '../editor/selection-edits.ts';
import { sayFailed } from '../ui/messages.ts';
import { editor } from '../use-editor.ts';
import { actions, hasCommandKey, pasteHere } from './app-actions.ts';

/** Listens while it is mounted. */
export function useKeymap(): void {
  useEffect(() => {
    const listeners = [
      ['keydown', onKeyDown],
      ['copy', onCopy],
      ['cut', onCut],
      ['paste', onPaste],
    ] as const;
    for (const [name, listener] of listeners) document.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of listeners) document.removeEventListener(name, listener as EventListener);
    };
  }, []);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  // First what is selected is let go; then Escape leads out of the flow that is open.
  if (event.key === 'Escape' && isOnCanvas(event.target) && hasSelection()) {
    editor.select([]);
    return;
  }
  if (isPress(event, 'Enter', hasCommandKey) && isButton(event.target)) return;
  const action = actions.find((each) => !each.isNative && each.keys.some((keys) => isPress(event, keys, hasCommandKey)) && isInScope(each, event.target));
  if (!action) return;
  event.preventDefault();
  if (action.isEnabled()) action.run();
  else tellWhyNot(action);
}

function tellWhyNot(action: Action): void {
  const why = action.whyNot();
  if (why !== undefined) sayFailed(...why);
}

function hasSelection(): boolean {
  const { nodes, wires } = editor.state().selection;
  return nodes.length > 0 || wires.length > 0;
}

/** Enter presses what has the focus. */
function isButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role=button]') !== null;
}

function isInScope(action: Action, target: EventTarget | null): boolean {
  if (action.scope === 'anywhere') return !isInLayer(target) || action.group === 'Run';
  if (isTyping(target) || isInLayer(target)) return false;
  return action.scope === 'window' || isOnCanvas(target);
}

function onCopy(event: ClipboardEvent): void {
  if (!isOurs(event)) return;
  put(event, copySelection(editor));
}

function onCut(event: ClipboardEvent): void {
  if (!isOurs(event) || editor.state().frozen) return;
  put(event, cutSelection(editor));
}

function onPaste(event: ClipboardEvent): void {
  if (isTyping(event.target) || isInLayer(event.target)) return;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (text !== '') pasteHere(text);
}

function put(event: ClipboardEvent, text: string): void {
  if (text === '') return;
  event.clipboardData?.setData('text/plain', text);
  event.preventDefault();
}

/** Marked text is copied as text, wherever it stands. */
function isOurs(event: ClipboardEvent): boolean {
  return !isTyping(event.target) && !isInLayer(event.target) && (document.getSelection()?.isCollapsed ?? true);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], .cm-editor') !== null
  );
}

/** Dialogs, menus and pickers keep their keys to themselves. */
function isInLayer(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=dialog], [role=menu], [role=listbox], [cmdk-root]') !== null;
}

function isOnCanvas(target: EventTarget | null): boolean {
  return (
    target === document.body || (target instanceof Element && target.closest('[data-panel]')?.matches('[data-panel=canvas]') === true && !isTyping(target))
  );
}
