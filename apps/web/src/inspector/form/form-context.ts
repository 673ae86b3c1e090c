/** What every control of a node's form may ask: the node, its mistakes, what may be written into its templates. */
import type { Diagnostic, Json } from '@switchyard/shared';
import { createContext, useContext, type ComponentType } from 'react';
import type { Suggestion } from '../../ui/code-editor.tsx';
import type { FieldControl } from '../../ui/field.tsx';
import type { Control } from './derive-form.ts';

/** A name that became another, so that wires follow it. */
export interface Rename {
  from: string;
  to: string;
}

/** Undefined removes the setting. */
export type Change = (value: Json | undefined, rename?: Rename) => void;

export interface ControlProps {
  control: Control;
  label: string;
  value: Json | undefined;
  /** Pointer of the setting in the document. */
  at: string;
  said: FieldControl;
  isOptional: boolean;
  onChange: Change;
}

export interface FormContextValue {
  /** Draws any control; given here so that a list or group can hold controls without knowing them. */
  Control: ComponentType<ControlProps>;
  node: string;
  tone: 'control' | 'data' | 'neutral';
  /** The kind reads what its connection holds. */
  hasCatalogue: boolean;
  diagnostics: readonly Diagnostic[];
  /** Values that templates and expressions may use. */
  suggestions: readonly Suggestion[];
}

export const FormContext = createContext<FormContextValue>({
  Control: () => null,
  node: '',
  tone: 'neutral',
  hasCatalogue: false,
  diagnostics: [],
  suggestions: [],
});

/** The form around a control. */
export function useForm(): FormContextValue {
  return useContext(FormContext);
}
