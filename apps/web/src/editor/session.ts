/** What the window remembers about itself: panels, theme, drafts of run inputs, the last flow and where it was looked at. Never part of a document. */
import type { JsonObject } from '@switchyard/shared';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { flowNameAt, type Level } from './levels.ts';

export type Theme = 'system' | 'light' | 'dark';
export type LeftTab = 'flows' | 'add' | 'workspace';
export type DockTab = 'run' | 'trace' | 'problems';
export type InspectorTab = 'setup' | 'run' | 'about';

export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

/** Kept in localStorage from one visit to the next. */
export interface Remembered {
  theme: Theme;
  isLeftOpen: boolean;
  leftTab: LeftTab;
  isRightOpen: boolean;
  inspectorTab: InspectorTab;
  isDockOpen: boolean;
  dockTab: DockTab;
  /** Pixels. */
  dockHeight: number;
  lastFlow?: string;
  /** Run inputs as typed, by flow id. */
  drafts: Readonly<Record<string, JsonObject>>;
  /** By `viewName`. */
  viewports: Readonly<Record<string, Viewport>>;
  /** Outputs that nodes give instead of being run, by flow id and node id. */
  pins: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
}

export type SessionStore = StoreApi<Remembered>;

/** Where the session is kept; `localStorage` in the browser. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const storageKey = 'switchyard.session';
const mostFlows = 50;

export const dockHeights = Object.freeze({ least: 120, usual: 284 });

const initial: Remembered = {
  theme: 'system',
  isLeftOpen: true,
  leftTab: 'add',
  isRightOpen: true,
  inspectorTab: 'setup',
  isDockOpen: true,
  dockTab: 'run',
  dockHeight: dockHeights.usual,
  drafts: {},
  viewports: {},
  pins: {},
};

/** The session as it was left, from then on kept up to date in `storage`. Storage that is full or refused costs the memory, never the work. */
export function createSession(storage: TextStorage): SessionStore {
  const store = createStore<Remembered>(() => ({ ...initial, ...read(storage) }));
  store.subscribe((session) => {
    try {
      storage.setItem(
        storageKey,
        JSON.stringify({ ...session, drafts: newest(session.drafts), viewports: newest(session.viewports), pins: newest(session.pins) }),
      );
    } catch {
      // Private windows and full disks refuse to store; the session then lasts as long as the window.
    }
  });
  return store;
}

/** Remembers the inputs typed for the next run of a flow. */
export function setDraft(session: SessionStore, flowId: string, inputs: JsonObject): void {
  const { [flowId]: _before, ...others } = session.getState().drafts;
  session.setState({ drafts: { ...others, [flowId]: inputs } });
}

/** The name under which it is remembered where a flow, or one within it, was looked at. */
export function viewName(flowId: string, level: Level): string {
  const name = flowNameAt(level);
  return name === undefined ? flowId : `${flowId}/${name}`;
}

/** Remembers where a flow was looked at. */
export function setViewport(session: SessionStore, name: string, viewport: Viewport): void {
  const { [name]: _before, ...others } = session.getState().viewports;
  session.setState({ viewports: { ...others, [name]: viewport } });
}

/** Pins outputs of a node, or takes its pin away where none are given. */
export function setPin(session: SessionStore, flowId: string, { node, outputs }: { node: string; outputs: JsonObject | undefined }): void {
  const { [flowId]: before = {}, ...others } = session.getState().pins;
  const { [node]: _, ...rest } = before;
  const own = outputs === undefined ? rest : { ...rest, [node]: outputs };
  session.setState({ pins: Object.keys(own).length === 0 ? others : { ...others, [flowId]: own } });
}

function read(storage: TextStorage): Partial<Remembered> {
  try {
    const value: unknown = JSON.parse(storage.getItem(storageKey) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Partial<Remembered>) : {};
  } catch {
    return {};
  }
}

function newest<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).slice(-mostFlows));
}

/** Storage that lasts as long as the window, where the browser offers none. */
export function createMemoryStorage(): TextStorage {
  const texts = new Map<string, string>();
  return { getItem: (key) => texts.get(key) ?? null, setItem: (key, value) => void texts.set(key, value) };
}
