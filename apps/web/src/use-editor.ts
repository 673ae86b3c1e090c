/** The one editor and session of the window, as components read them. Each hook draws again only when the part it selects has changed. */
import { useStore } from 'zustand';
import { browserEditor, browserSession } from './browser-editor.ts';
import type { EditorState } from './editor/editor-store.ts';
import type { Remembered } from './editor/session.ts';

/** The editor: call its methods from event handlers and effects. */
export const editor = browserEditor;

/** What the window remembers; `session.setState({ dockTab: 'trace' })` changes and keeps it. */
export const session = browserSession;

/** Any part of the editor's state. */
export function useEditor<T>(select: (state: EditorState) => T): T {
  return useStore(editor.store, select);
}

/** Any part of what the window remembers: panels, theme, drafts of run inputs. */
export function useRemembered<T>(select: (remembered: Remembered) => T): T {
  return useStore(session, select);
}
