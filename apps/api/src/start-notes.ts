/** What a person who starts the server is told: which models there are, and which the demo uses. */
import type { Flow, Model } from '@switchyard/shared';
import type { WorkspaceView } from './workspace/live-workspace.ts';

const mostNamed = 12;

/** `requires` are the names of the models that the demo flow uses; without a demo flow, only the models on offer are told. */
export function modelNotes(view: WorkspaceView, demo?: { flow: Flow; requires: readonly string[] }): string[] {
  const usable = view.models.filter(({ isUsable }) => isUsable);
  const used = demo ? usable.filter(({ name }) => demo.requires.includes(name)) : [];
  const others = usable.filter((entry) => !used.includes(entry) && entry.origin !== 'builtin');
  const offered = others.slice(0, mostNamed).map(({ name, model }) => `${name} (${modelText(model)})`);
  if (others.length > mostNamed) offered.push(`${others.length - mostNamed} more`);
  const also =
    offered.length > 0
      ? ` Also offered: ${offered.join(', ')}.`
      : ' No other model was found: add one under Workspace, set OPENAI_API_KEY or the like, or start Ollama.';
  return [`${demo && used.length > 0 ? demoText(demo.flow.name, used) : 'The built-in models are there.'}${also}`, ...view.notes];
}

function demoText(flow: string, used: WorkspaceView['models']): string {
  if (used.every(({ model }) => model.provider === 'builtin')) {
    return `${flow} runs on the built-in ${list(used.map(({ model }) => model.model))} (no neural network, for trying out and for tests).`;
  }
  return `${flow} runs on ${list(used.map(({ name, model }) => `${name} (${modelText(model)})`))}.`;
}

function modelText({ provider, model, baseUrl }: Model): string {
  if (provider === 'builtin') return `built-in ${model}`;
  return `${model}${baseUrl === undefined ? `, ${provider}` : ` at ${new URL(baseUrl).host}`}`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
