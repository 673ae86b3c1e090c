/** One-line and many-line text, and numbers. */
import { useEffect, useState, type InputHTMLAttributes, type Ref, type TextareaHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';

export const inputStyle = classNames(
  'w-full min-w-0 rounded-md border border-line2 bg-panel px-2 text-sm text-text placeholder:text-faint hover:border-faint',
  'aria-invalid:border-bad disabled:opacity-50',
);

interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  ref?: Ref<HTMLInputElement>;
}

/** One line of text. */
export function Input({ className, ...rest }: InputProps) {
  return <input autoComplete="off" spellCheck={false} className={classNames(inputStyle, 'h-8', className)} {...rest} />;
}

interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  ref?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text; grows with what is written, up to a third of the window. */
export function TextArea({ className, rows = 3, ...rest }: TextAreaProps) {
  return <textarea rows={rows} className={classNames(inputStyle, 'block field-sizing-content max-h-[33vh] resize-none py-1 leading-5', className)} {...rest} />;
}

interface NumberInputProps extends Omit<InputProps, 'value' | 'onChange' | 'type'> {
  value: number | undefined;
  /** Undefined when emptied; not called while the text is not a number. */
  onChange: (value: number | undefined) => void;
}

/** A number; keeps what is typed while it is not one yet. */
export function NumberInput({ value, onChange, ...rest }: NumberInputProps) {
  const [text, setText] = useState(value === undefined ? '' : String(value));
  useEffect(() => {
    setText((current) => (numberIn(current) === value ? current : value === undefined ? '' : String(value)));
  }, [value]);
  const isWrong = text.trim() !== '' && numberIn(text) === undefined;
  return (
    <Input
      inputMode="decimal"
      {...rest}
      {...(isWrong && { 'aria-invalid': true })}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const number = numberIn(event.target.value);
        if (number !== undefined || event.target.value.trim() === '') onChange(number);
      }}
    />
  );
}

function numberIn(text: string): number | undefined {
  const number = Number(text.replaceAll(/[\s_,](?=\d{3})/g, ''));
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
}
