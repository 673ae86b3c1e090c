/** Short messages to the person: what was done, what failed. Apart from how they are drawn, so that saying something costs nothing at the start. */
import { create } from 'zustand';

export interface Message {
  id: number;
  text: string;
  description?: string;
  isFailure: boolean;
  undo?: () => void;
}

const mostShown = 4;

let lastId = 0;
/** What is shown now, the newest last. */
export const useMessages = create<{ messages: readonly Message[] }>(() => ({ messages: [] }));

function show(message: Omit<Message, 'id'>): void {
  lastId += 1;
  const shown = { ...message, id: lastId };
  useMessages.setState(({ messages }) => ({ messages: [...messages, shown].slice(-mostShown) }));
}

/** Takes a message away. */
export function dismiss(id: number): void {
  useMessages.setState(({ messages }) => ({ messages: messages.filter((message) => message.id !== id) }));
}

/** Says that something was done; with `undo`, how to take it back. */
export function sayDone(text: string, undo?: () => void): void {
  show({ text, isFailure: false, ...(undo && { undo }) });
}

/** Says that something failed, why, and what to do. */
export function sayFailed(text: string, description?: string): void {
  show({ text, isFailure: true, ...(description && { description }) });
}
