/** The rail's Flows tab: every flow, found by name; new, duplicate, import, remove; and examples to begin with. */
import { useQuery } from '@tanstack/react-query';
import type { FlowSummary } from '@switchyard/api/router';
import { useRef, useState } from 'react';
import { messageOf } from '../api/api-error.ts';
import { api, queries, queryClient } from '../api/client.ts';
import { createFlow, openFlow } from '../browser-flows.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Input } from '../ui/input.tsx';
import { Menu } from '../ui/menu.tsx';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { useEditor } from '../use-editor.ts';
import { ExampleList } from './example-list.tsx';
import { importFlowText } from './imported-flow.ts';
import { ageText } from './age-text.ts';

/** The one changed last first, as the server lists them. */
export function FlowsPanel() {
  const { data, error, isPending } = useQuery(queries.flows.list.queryOptions());
  const [words, setWords] = useState('');
  const openId = useEditor((state) => state.flowId);
  const found = (data ?? []).filter((flow) => flow.name.toLowerCase().includes(words.trim().toLowerCase()));
  return (
    <div className="space-y-2 p-3">
      <div className="flex items-center gap-1">
        <Input type="search" aria-label="Find a flow" placeholder="Find a flow…" value={words} onChange={(event) => setWords(event.target.value)} />
        <ImportButton />
        <IconButton icon="plus" label="New flow" variant="default" onClick={() => attempt(createFlow(), 'The flow was not made')} />
      </div>
      {error && <p className="text-xs text-bad">{messageOf(error)}</p>}
      {isPending && <p className="text-xs text-dim">Loading…</p>}
      <ul aria-label="Flows" className="space-y-px">
        {found.map((flow) => (
          <li key={flow.id}>
            <FlowRow flow={flow} isOpen={flow.id === openId} />
          </li>
        ))}
      </ul>
      {data && found.length === 0 && words !== '' && <p className="px-2 text-xs text-dim">No flow has “{words}” in its name.</p>}
      {data?.length === 0 && (
        <EmptyState icon="files" title="No flows yet" actions={<Button onClick={() => attempt(createFlow(), 'The flow was not made')}>New flow</Button>}>
          Make one, or import a flow's JSON file.
        </EmptyState>
      )}
      <ExampleList words={words} />
    </div>
  );
}

function FlowRow({ flow, isOpen }: { flow: FlowSummary; isOpen: boolean }) {
  const open = () => attempt(openFlow(flow.id), 'The flow was not opened');
  return (
    <div className={classNames('flex items-center rounded-md', isOpen ? 'bg-panel2' : 'hover:bg-panel2')}>
      <button type="button" aria-current={isOpen} onClick={open} className="min-w-0 flex-1 rounded-md px-2 py-1 text-left">
        <span className={classNames('block truncate text-sm', isOpen && 'font-semibold')}>{flow.name}</span>
        <span className="block text-xs text-faint">{ageText(flow.updatedAt, Date.now())}</span>
      </button>
      <Menu
        trigger={<IconButton size="small" icon="ellipsis" label={`Actions for ${flow.name}`} className="mr-1" />}
        items={[
          { label: 'Open', icon: 'folder-open', onSelect: open },
          { label: 'Duplicate', icon: 'copy-plus', onSelect: () => attempt(duplicate(flow), 'The flow was not duplicated') },
          { label: 'Remove', icon: 'trash', isDanger: true, onSelect: () => attempt(remove(flow, isOpen), 'The flow was not removed') },
        ]}
      />
    </div>
  );
}

function ImportButton() {
  const file = useRef<HTMLInputElement>(null);
  const read = async (chosen: File | undefined) => {
    if (chosen) await importFlowText(await chosen.text());
  };
  return (
    <>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        aria-label="Flow file to import"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          attempt(read(event.target.files?.[0]), 'The file was not imported');
          event.target.value = '';
        }}
      />
      <IconButton icon="upload" label="Import a flow's file" variant="default" onClick={() => file.current?.click()} />
    </>
  );
}

async function duplicate({ id, name }: FlowSummary): Promise<void> {
  const { flow } = await api.flows.get.query({ id });
  await createFlow({ ...flow, name: `${name} copy`.slice(0, 200) });
}

/** The flow goes at once; the message brings it back. Of what was open, the next takes its place. */
async function remove({ id, name }: FlowSummary, isOpen: boolean): Promise<void> {
  await api.flows.remove.mutate({ id });
  await refresh();
  if (isOpen) {
    const rest = queryClient.getQueryData(queries.flows.list.queryKey()) ?? [];
    await (rest[0] ? openFlow(rest[0].id) : createFlow());
  }
  sayDone(`Removed "${name}"`, () => attempt(restore(id), 'The flow was not brought back'));
}

async function restore(id: string): Promise<void> {
  await api.flows.restore.mutate({ id });
  await refresh();
  await openFlow(id);
}

async function refresh(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: queries.flows.list.queryKey() });
}

function attempt(work: Promise<unknown>, failed: string): void {
  work.catch((error: unknown) => sayFailed(failed, messageOf(error)));
}
