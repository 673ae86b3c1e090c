/** The ways to answer, by what is asked: may this be called, may the flow go on, did this happen. */
import { isJsonObject, type Answer, type Ask, type Json, type JsonObject } from '@switchyard/shared';
import { useId, useState, type ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { TextArea } from '../../ui/input.tsx';
import { FormField } from '../input-field.tsx';
import { askedFields, readInputs } from '../run-inputs.ts';
import { argumentsMistake } from './question-text.ts';

export interface AnswersProps {
  ask: Ask;
  isSending: boolean;
  send: (answer: Answer) => void;
  /** Whether the arguments are being edited, and so need not be shown besides. */
  onEditing: (isEditing: boolean) => void;
}

/** May this operation be called so? */
export function CallAnswers({ ask, isSending, send, onEditing }: AnswersProps) {
  const [way, setWay] = useState<'edit' | 'reject'>();
  const go = (next: typeof way) => {
    setWay(next);
    onEditing(next === 'edit');
  };
  if (way === 'edit') return <Edit ask={ask} isSending={isSending} send={send} onBack={() => go(undefined)} />;
  if (way === 'reject') return <Reject isSending={isSending} send={send} onBack={() => go(undefined)} />;
  return (
    <Row>
      <Button variant="primary" size="small" icon="check" disabled={isSending} onClick={() => send({ choice: 'approve' })}>
        Approve
      </Button>
      {ask.schema && (
        <Button size="small" icon="pencil" disabled={isSending} onClick={() => go('edit')}>
          Edit
        </Button>
      )}
      <Button size="small" variant="danger" icon="ban" disabled={isSending} onClick={() => go('reject')}>
        Reject
      </Button>
    </Row>
  );
}

/** May the flow go on, and with which values? */
export function StepAnswers({ ask, isSending, send }: AnswersProps) {
  const fields = askedFields(ask.node, ask.fields ?? {});
  const [typed, setTyped] = useState<JsonObject>({});
  const [mistakes, setMistakes] = useState<Record<string, string>>({});
  const [isRejecting, setRejecting] = useState(false);
  const approve = () => {
    const read = readInputs(fields, typed);
    setMistakes(read.mistakes);
    if (Object.keys(read.mistakes).length === 0) send({ choice: 'approve', ...(fields.length > 0 && { values: read.inputs }) });
  };
  if (isRejecting) return <Reject isSending={isSending} send={send} onBack={() => setRejecting(false)} />;
  return (
    <form
      aria-label="Values"
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        approve();
      }}
    >
      {fields.map((field) => (
        <FormField
          key={field.name}
          field={field}
          value={typed[field.name]}
          mistake={mistakes[field.name]}
          onChange={(value) => {
            setTyped((before) => ({ ...before, [field.name]: value }));
            setMistakes(({ [field.name]: _mended, ...others }) => others);
          }}
          onSubmit={approve}
        />
      ))}
      <Row>
        <Button type="submit" variant="primary" size="small" icon="check" disabled={isSending}>
          Approve
        </Button>
        <Button size="small" variant="danger" icon="ban" disabled={isSending} onClick={() => setRejecting(true)}>
          Reject
        </Button>
      </Row>
    </form>
  );
}

/** Did this write happen? Nobody here knows: the server stopped while it was under way. */
export function OutcomeAnswers({ isSending, send }: AnswersProps) {
  const [isTelling, setTelling] = useState(false);
  const [result, setResult] = useState<Json | undefined>(null);
  if (isTelling) {
    return (
      <div className="space-y-2">
        <p className="text-xs font-semibold">What it gave, as JSON</p>
        <JsonEditor label="What it gave" initial={null} lines={2} onChange={(value) => setResult(value as Json | undefined)} />
        <Row>
          <Button
            size="small"
            variant="primary"
            disabled={isSending || result === undefined}
            onClick={() => result !== undefined && send({ choice: 'happened', result })}
          >
            Go on with this
          </Button>
          <Back onBack={() => setTelling(false)} />
        </Row>
      </div>
    );
  }
  return (
    <Row>
      <Button size="small" icon="check" disabled={isSending} onClick={() => setTelling(true)}>
        It happened
      </Button>
      <Button size="small" icon="repeat" disabled={isSending} onClick={() => send({ choice: 'repeat' })}>
        It did not: repeat it
      </Button>
      <Button size="small" variant="danger" icon="ban" disabled={isSending} onClick={() => send({ choice: 'give-up' })}>
        Give up
      </Button>
    </Row>
  );
}

interface WayProps {
  isSending: boolean;
  send: (answer: Answer) => void;
  onBack: () => void;
}

function Edit({ ask, isSending, send, onBack }: WayProps & { ask: Ask }) {
  const [edited, setEdited] = useState<unknown>(ask.arguments);
  const mistake = argumentsMistake(ask, edited);
  const isFit = edited !== undefined && mistake === undefined && isJsonObject(edited as Json);
  return (
    <div className="space-y-2">
      <JsonEditor label="Edited arguments" initial={ask.arguments} onChange={setEdited} mistake={mistake} />
      <Row>
        <Button
          size="small"
          variant="primary"
          icon="check"
          disabled={isSending || !isFit}
          onClick={() => send({ choice: 'edit', arguments: edited as JsonObject })}
        >
          Approve as edited
        </Button>
        <Back onBack={onBack} />
      </Row>
    </div>
  );
}

function Reject({ isSending, send, onBack }: WayProps) {
  const id = useId();
  const [reason, setReason] = useState('');
  return (
    <div className="space-y-2">
      <label htmlFor={id} className="block text-xs font-semibold">
        Why not? The reason is told to whoever asked.
      </label>
      <TextArea id={id} rows={2} maxLength={4000} spellCheck value={reason} onChange={(event) => setReason(event.target.value)} />
      <Row>
        <Button size="small" variant="danger" icon="ban" disabled={isSending} onClick={() => send({ choice: 'reject', reason })}>
          Reject
        </Button>
        <Back onBack={onBack} />
      </Row>
    </div>
  );
}

function Back({ onBack }: { onBack: () => void }) {
  return (
    <Button size="small" variant="quiet" onClick={onBack}>
      Back
    </Button>
  );
}

function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2">{children}</div>;
}
