/** Stands before the application while the server does not know this browser. */
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { enterCode, openSession, useSession } from './session.ts';

/** Shows its children unless the server refused us; work that is open stays mounted beneath. */
export function SessionGate({ children }: { children: ReactNode }) {
  const status = useSession((session) => session.status);
  return (
    <>
      {children}
      {status === 'closed' && <SignIn />}
    </>
  );
}

/** What was refused before is asked for anew. */
function begin(isOpen: boolean): void {
  if (isOpen) window.location.reload();
}

function SignIn() {
  const refusal = useSession((session) => session.refusal);
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = code.trim().replace(/^.*#/, '');
    void enterCode(given).then(begin);
  };
  // The printed address, opened in this very tab, differs from this one by its code alone: the browser loads nothing anew.
  useEffect(() => {
    const onHashChange = () => void openSession().then(begin);
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
  }, []);
  return (
    <div role="dialog" aria-modal="true" aria-labelledby="sign-in-title" className="fixed inset-0 z-50 grid place-items-center bg-bg p-4">
      <form onSubmit={submit} className="w-full max-w-md space-y-4 rounded-lg border border-line2 bg-panel p-6 shadow-card">
        <h1 id="sign-in-title" className="text-lg font-semibold">
          Open the address that the server printed
        </h1>
        <p className="text-sm text-dim">
          <code className="font-mono text-xs">npm start</code> prints an address that ends in <code className="font-mono text-xs">#</code> and a code. It works
          once; the browser then stays signed in. The server's access token does the same, as often as you like.
        </p>
        <Field label="Address, code or token" {...(refusal && { mistakes: [{ message: refusal }] })}>
          {(control) => (
            <Input
              id={control.id}
              autoFocus
              value={code}
              onChange={(event) => setCode(event.target.value)}
              {...(control.describedBy && { 'aria-describedby': control.describedBy })}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" disabled={code.trim() === ''}>
          Sign in
        </Button>
      </form>
    </div>
  );
}
