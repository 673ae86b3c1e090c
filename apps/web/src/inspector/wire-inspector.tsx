/** One wire: a link with its ends and types, or a grant with what it allows. */
import { linkEnd, type Flow, type Link } from '@switchyard/shared';
import { disconnect, grantId, linkId, type WireId } from '../editor/commands.ts';
import { titleIn } from '../node-title.ts';
import { Button } from '../ui/button.tsx';
import { editor, useEditor } from '../use-editor.ts';
import { FixButton } from './form/fix-button.tsx';
import { GrantRow } from './grant-row.tsx';

/** Nothing for a wire that is gone. */
export function WireInspector({ id }: { id: WireId }) {
  const flow = useEditor((state) => state.shown);
  const link = flow.links.find((each) => linkId(each) === id);
  const grant = flow.grants.find((each) => grantId(each) === id);
  if (link) return <LinkView link={link} flow={flow} />;
  if (!grant) return null;
  return (
    <div className="min-h-0 flex-1 space-y-2 overflow-auto p-4">
      <h2 className="text-base font-semibold">Grant</h2>
      <p className="text-xs leading-5 text-dim">
        <b className="font-semibold text-text">{titleIn(flow, grant.from)}</b> may call this node while it runs; nothing else can be reached by it.
      </p>
      <ul>
        <GrantRow grant={grant} isOpen />
      </ul>
    </div>
  );
}

function LinkView({ link, flow }: { link: Link; flow: Flow }) {
  const index = flow.links.indexOf(link);
  const diagnostics = useEditor((state) => state.here.diagnostics).filter(
    (diagnostic) => diagnostic.path === `/links/${index}` || diagnostic.path.startsWith(`/links/${index}/`),
  );
  return (
    <div className="min-h-0 flex-1 space-y-4 overflow-auto p-4">
      <h2 className="text-base font-semibold">Link</h2>
      <dl className="space-y-3">
        <End name="From" end={link.from} flow={flow} side="outputs" />
        <End name="To" end={link.to} flow={flow} side="inputs" />
      </dl>
      {diagnostics.map((diagnostic) => (
        <p key={diagnostic.message} className={`text-xs ${diagnostic.severity === 'error' ? 'text-bad' : 'text-warn'}`}>
          {diagnostic.message} <FixButton diagnostic={diagnostic} />
        </p>
      ))}
      <Button size="small" icon="unlink" onClick={() => editor.edit('Remove a link', (before) => disconnect(before, link))}>
        Remove the link
      </Button>
    </div>
  );
}

function End({ name, end, flow, side }: { name: string; end: string; flow: Flow; side: 'inputs' | 'outputs' }) {
  const { node, port } = linkEnd(end);
  const content = flow.nodes[node];
  const schema = content && editor.face(content).ports[side][port];
  return (
    <div>
      <dt className="text-xs text-dim">{name}</dt>
      <dd className="flex items-center gap-2 text-sm">
        <button type="button" onClick={() => editor.select([node])} className="truncate font-medium underline-offset-2 hover:underline">
          {titleIn(flow, node)}
        </button>
        <code className="font-mono text-xs text-dim">{port}</code>
        {typeof schema?.type === 'string' && <span className="ml-auto text-xs text-faint">{schema.type}</span>}
      </dd>
    </div>
  );
}
