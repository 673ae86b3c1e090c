// @vitest-environment happy-dom
/** What Markdown shows of a text: all that was written, and nothing that acts. */
import { expect, test } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import MarkdownView from './markdown-view.tsx';

const stage = setStage();

test.each([
  ['an answer that is a page', '<html><body>Not found</body></html>', '<html><body>Not found</body></html>'],
  ['a word in angle brackets', 'Write to <name> at noon', 'Write to <name> at noon'],
  ['a tag in a list', '- use <b>bold</b>', 'use <b>bold</b>'],
  ['a script', 'before\n\n<script>alert(1)</script>\n\nafter', '<script>alert(1)</script>'],
])('%s is shown as it was written', (_what, text, shown) => {
  stage.render(<MarkdownView text={text} />);
  expect(stage.host.textContent).toContain(shown);
  expect(stage.host.querySelector('script, b, html')).toBeNull();
});

test('a line break written as a tag is one', () => {
  stage.render(<MarkdownView text={'one<br>two'} />);
  expect(stage.host.querySelectorAll('br')).toHaveLength(1);
  expect(stage.host.textContent).toBe('onetwo');
});
