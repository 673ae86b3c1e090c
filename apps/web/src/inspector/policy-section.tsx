/** When the node is slow or fails: how often it is tried, how long it may take, and what becomes of the run. */
import { errorPort, type Diagnostic, type FailureHandling, type FlowNode, type NodePolicy, type NodeRetry } from '@switchyard/shared';
import { useEffect, useId, useRef, useState } from 'react';
import { setPolicy, type PolicyChange } from '../editor/commands.ts';
import { ariaOf, Field } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Input, NumberInput } from '../ui/input.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { editor, useEditor } from '../use-editor.ts';
import { JsonField } from './fields/json-field.tsx';
import { mistakesAt, policyPointer } from './form/form-mistakes.ts';
import { policyLine, readCodes } from './policy-text.ts';

const none: readonly Diagnostic[] = [];
const noPolicy: NodePolicy = {};

/** Folded it is one line; a mistake in it, or being asked for, unfolds it. */
export function PolicySection({ id, node }: { id: string; node: FlowNode }) {
  const policy = node.policy ?? noPolicy;
  const diagnostics = useEditor((state) => state.here.byNode.get(id) ?? none);
  const asked = useEditor((state) => (state.reveal?.node === id && state.reveal.field === 'policy' ? state.reveal.count : 0));
  const hasMistakes = mistakesAt(diagnostics, policyPointer(id)).length > 0;
  const [isOpen, setOpen] = useState(false);
  const section = useRef<HTMLElement>(null);
  const contents = useId();
  useEffect(() => {
    if (asked === 0) return;
    setOpen(true);
    section.current?.scrollIntoView({ block: 'center' });
  }, [asked]);
  useEffect(() => {
    // It stands last, and opens downwards.
    if (isOpen) section.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  const isShown = isOpen || hasMistakes;
  return (
    <section ref={section} aria-label="When it is slow or fails" onBlur={() => editor.seal()}>
      <button
        type="button"
        aria-expanded={isShown}
        aria-controls={contents}
        onClick={() => setOpen(!isShown)}
        className="flex w-full items-center gap-2 py-1 text-left text-xs"
      >
        <span className="font-semibold whitespace-nowrap">When it is slow or fails</span>
        <span className="ml-auto truncate text-dim">{policyLine(policy)}</span>
        <Icon name={isShown ? 'chevron-down' : 'chevron-right'} size={14} className="text-faint" />
      </button>
      <div id={contents} className={isShown ? 'space-y-4 pt-2' : 'hidden'}>
        {isShown && <PolicyForm id={id} policy={policy} />}
      </div>
    </section>
  );
}

/** Typing in one field in one go is one undo step. */
function change(id: string, part: keyof NodePolicy, policy: PolicyChange): void {
  editor.edit('Set what happens on failure', (flow) => setPolicy(flow, id, policy), { merge: `${id}.policy.${part}` });
}

const handlings: readonly { value: FailureHandling; label: string; title: string }[] = [
  { value: 'stop', label: 'Stop', title: 'The run fails' },
  { value: 'continue', label: 'Go on', title: 'The run goes on with the outputs given below' },
  { value: 'port', label: 'Error port', title: `The failure is given at the output "${errorPort}"` },
];

function PolicyForm({ id, policy }: { id: string; policy: NodePolicy }) {
  const mistakes = useMistakes(id);
  const handling = policy.onFailure ?? 'stop';
  const choose = (next: FailureHandling) =>
    change(id, 'onFailure', { onFailure: next === 'stop' ? undefined : next, ...(next !== 'continue' && { default: undefined }) });
  return (
    <>
      <RetryFields id={id} retry={policy.retry} />
      <Field label="Time limit" aside="seconds" help="Of the node in all, tries and pauses included." mistakes={mistakes('timeoutSeconds')}>
        {(said) => (
          <NumberInput
            {...ariaOf(said)}
            value={policy.timeoutSeconds}
            placeholder="that of its calls"
            onChange={(next) => (next === undefined || next > 0) && change(id, 'timeoutSeconds', { timeoutSeconds: next })}
          />
        )}
      </Field>
      <Field label="When it fails for good" mistakes={mistakes('onFailure')}>
        {() => (
          <Segmented label="When it fails for good" size="small" value={handling} options={handlings} onChange={(next) => choose(next as FailureHandling)} />
        )}
      </Field>
      {handling === 'continue' && (
        <Field label="Outputs to go on with" aside="by port" help="A port left out gives nothing." mistakes={mistakes('default')}>
          {(said) => (
            <JsonField
              said={said}
              label="Outputs to go on with"
              value={policy.default}
              onChange={(next) => change(id, 'default', { default: next as NodePolicy['default'] })}
            />
          )}
        </Field>
      )}
      {handling === 'port' && (
        <p className="text-xs leading-5 text-dim">
          The node has an output <code className="font-mono">{errorPort}</code> now: wire it to what deals with the failure.
        </p>
      )}
    </>
  );
}

function RetryFields({ id, retry }: { id: string; retry: NodeRetry | undefined }) {
  const mistakes = useMistakes(id);
  const set = (next: { [Part in keyof NodeRetry]?: NodeRetry[Part] | undefined }) => {
    const parts = Object.entries({ ...retry, ...next }).filter(([, part]) => part !== undefined);
    change(id, 'retry', { retry: next.attempts === undefined && 'attempts' in next ? undefined : (Object.fromEntries(parts) as NodeRetry) });
  };
  const isCount = (value: number | undefined) => value === undefined || (Number.isInteger(value) && value >= 0);
  return (
    <>
      <Field
        label="Tries"
        help="Of each call that it makes, the first included. A write is only repeated where its operation may be."
        mistakes={mistakes('retry/attempts')}
      >
        {(said) => (
          <NumberInput
            {...ariaOf(said)}
            value={retry?.attempts}
            placeholder="as the call has it"
            onChange={(attempts) => (attempts === undefined || (isCount(attempts) && attempts >= 1 && attempts <= 100)) && set({ attempts })}
          />
        )}
      </Field>
      {retry && retry.attempts > 1 && (
        <>
          <div className="grid grid-cols-2 gap-2">
            <Field label="First pause" aside="ms" mistakes={mistakes('retry/baseMs')}>
              {(said) => <NumberInput {...ariaOf(said)} value={retry.baseMs} placeholder="500" onChange={(baseMs) => isCount(baseMs) && set({ baseMs })} />}
            </Field>
            <Field label="Longest pause" aside="ms" mistakes={mistakes('retry/maxMs')}>
              {(said) => <NumberInput {...ariaOf(said)} value={retry.maxMs} placeholder="30,000" onChange={(maxMs) => isCount(maxMs) && set({ maxMs })} />}
            </Field>
          </div>
          <CodesField codes={retry.on} onChange={(on) => set({ on })} />
        </>
      )}
    </>
  );
}

function CodesField({ codes, onChange }: { codes: readonly string[] | undefined; onChange: (codes: string[] | undefined) => void }) {
  return (
    <Field label="Only after these failures" aside="codes" help="Without any, the failure itself says whether it may be tried again.">
      {(said) => (
        <Input
          {...ariaOf(said)}
          key={codes?.join(' ') ?? ''}
          className="font-mono text-xs"
          defaultValue={codes?.join(', ') ?? ''}
          placeholder="http-status, timeout"
          onBlur={(event) => onChange(readCodes(event.target.value))}
        />
      )}
    </Field>
  );
}

function useMistakes(id: string): (part: string) => { message: string; severity: Diagnostic['severity'] }[] {
  const diagnostics = useEditor((state) => state.here.byNode.get(id) ?? none);
  return (part) => mistakesAt(diagnostics, `${policyPointer(id)}/${part}`).map(({ message, severity }) => ({ message, severity }));
}
