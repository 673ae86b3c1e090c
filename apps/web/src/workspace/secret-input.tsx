/** A text that may be a secret: what is written is never shown again, and goes to the vault. */
import { Button, IconButton } from '../ui/button.tsx';
import { ariaOf, type FieldControl } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import type { SecretDraft } from './connection-draft.ts';

interface SecretInputProps {
  said?: FieldControl;
  /** Names it where no visible label does. */
  label?: string;
  draft: SecretDraft | undefined;
  placeholder: string | undefined;
  /** The person chooses whether it is a secret. */
  mayBePlain: boolean;
  onChange: (draft: SecretDraft) => void;
}

const nothing: SecretDraft = { value: '', isSecret: true, secret: undefined };

/** A secret that is kept already is replaced by writing, and let go by its button. */
export function SecretInput({ said, label, draft = nothing, placeholder, mayBePlain, onChange }: SecretInputProps) {
  const { value, isSecret, secret } = draft;
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2">
      <Input
        {...(said && ariaOf(said))}
        {...(label && { 'aria-label': label })}
        type={isSecret ? 'password' : 'text'}
        autoComplete={isSecret ? 'new-password' : 'off'}
        className="font-mono text-xs"
        placeholder={secret === undefined ? placeholder : `Kept as ${secret}; write to replace`}
        value={value}
        onChange={(event) => onChange({ ...draft, value: event.target.value })}
      />
      {mayBePlain && (
        <Button
          size="small"
          icon={isSecret ? 'lock' : 'eye'}
          aria-pressed={isSecret}
          title="A secret value is kept encrypted and never shown again"
          onClick={() => onChange({ ...draft, isSecret: !isSecret })}
        >
          {isSecret ? 'Secret' : 'Plain'}
        </Button>
      )}
      {!mayBePlain && secret !== undefined && (
        <IconButton size="small" icon="trash" label={`Use no secret instead of ${secret}`} onClick={() => onChange({ ...draft, secret: undefined })} />
      )}
    </span>
  );
}
