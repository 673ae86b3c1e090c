// @vitest-environment happy-dom
/** A connection's form: what was chosen can be taken back, and what is set is in sight. */
import { connectionTypes, type Connection, type ConnectionType } from '@switchyard/shared';
import { act, useState } from 'react';
import { expect, test } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { connectionDraft, readConnection, type ConnectionDraft } from './connection-draft.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { formOf } from './connection-form.ts';

const stage = setStage();
const type = connectionTypes.get('postgres') as ConnectionType;
const server: Connection = { type: 'postgres', url: 'postgres://db.example.com/shop' };

let draft: ConnectionDraft;

function Form({ connection }: { connection: Connection }) {
  const [written, setWritten] = useState(() => connectionDraft('shop', connection));
  draft = written;
  return <ConnectionFields type={type} draft={written} isNew={false} mistakes={{}} onChange={setWritten} />;
}

const button = (name: string) => [...stage.host.querySelectorAll('button')].find((each) => (each.getAttribute('aria-label') ?? each.textContent) === name);

test('the encryption of a server can be set, and set back to nothing', () => {
  stage.render(<Form connection={server} />);
  act(() => button('More settings')?.click());
  expect(button('Remove Encryption')).toBeUndefined();
  act(() => button('none')?.click());
  expect(readConnection(draft)).toMatchObject({ connection: { ...server, encryption: 'none' } });
  act(() => button('Remove Encryption')?.click());
  expect(readConnection(draft)).toEqual({ name: 'shop', connection: server, secrets: [] });
});

test('a password is asked for itself: nothing says to write the name of a secret', () => {
  stage.render(<Form connection={server} />);
  expect(stage.host.textContent).toContain('Kept encrypted; never shown again.');
  for (const each of connectionTypes.values()) {
    for (const field of formOf(each)) expect(field.help ?? '', `${each.type}.${field.name}`).not.toContain('Name of a secret');
  }
});

test('a seldom setting is in sight where it is set', () => {
  stage.render(<Form connection={server} />);
  expect(stage.host.textContent).not.toContain('Certificate authority');
  stage.render(<Form key="set" connection={{ ...server, encryption: 'verified' }} />);
  expect(stage.host.textContent).toContain('Certificate authority');
});
