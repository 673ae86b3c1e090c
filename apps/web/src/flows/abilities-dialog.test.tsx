// @vitest-environment happy-dom
/** What an imported flow could do is told in the words that the workspace uses. */
import { act } from 'react';
import { afterEach, expect, test } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { AbilitiesDialog } from './abilities-dialog.tsx';
import { useImported } from './imported-flow.ts';

const stage = setStage();

afterEach(() => {
  act(() => useImported.setState({ flow: undefined }));
});

test('a connection is told by the title of its type, and one that the workspace lacks as such', () => {
  act(() =>
    useImported.setState({
      flow: {
        name: 'Prices',
        abilities: {
          connections: [{ name: 'shop', type: 'http', target: 'https://shop.example.com' }, { name: 'gone' }],
          models: [],
          writes: [],
          code: [],
        },
      },
    }),
  );
  stage.render(<AbilitiesDialog />);
  const rows = [...document.querySelectorAll('[role=dialog] li li')].map(({ textContent }) => textContent);
  expect(rows).toEqual(['shopHTTP API · https://shop.example.com', 'gonenot in this workspace']);
});
