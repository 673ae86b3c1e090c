/** What of the pages a machine can check: links lead somewhere, what can be set in the environment is told, and the commands that are shown are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = dirname(import.meta.dirname);

/** Files of a folder and below it, by their paths from the root. */
function filesOf(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file));
}

const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', ...filesOf('docs', /\.md$/)];
/** What stands in blocks of code is no heading and no link. */
const prose = (page: string) => textOf(page).replaceAll(/^```[\s\S]*?^```/gm, '');

/** The anchors that a page's headings have on GitHub. */
function anchorsOf(page: string): string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every link of a page leads to a file that is there, and to a heading of it', () => {
  const links = pages.flatMap((page) => [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => ({ page, link })));
  const broken = links.filter(({ page, link }) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(links.length).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

test('every page is linked from the README', () => {
  const linked = [...prose('README.md').matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link);
  expect(pages.filter((page) => /^docs\/[^/]+$/.test(page) && !linked.includes(page))).toEqual([]);
});

/** Set by the system, by npm and by terminals for every program; or by Switchyard for itself. */
const notToBeSet = ['PATH', 'HOME', 'TMPDIR', 'FORCE_COLOR', 'NODE_TLS_REJECT_UNAUTHORIZED', 'SWITCHYARD_HANDED_OVER', 'SWITCHYARD_THOROUGH'];

test('every variable of the environment that the code reads stands on a page, and the other way round', () => {
  const sources = ['apps', 'packages', 'examples', 'e2e', 'scripts'].flatMap((folder) => filesOf(folder, /\.(ts|tsx|mjs)$/)).map(textOf);
  const read = sources.flatMap((text) => [
    ...[...text.matchAll(/\b(?:environment|env)\??\.([A-Z][A-Z0-9_]*)\b/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\{([A-Z0-9_, ]+)\} = process\.env\b/g)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim())),
    ...[...text.matchAll(/'([A-Z][A-Z_]+_API_KEY)'/g)].map(([, name = '']) => name),
  ]);
  const told = new Set(pages.flatMap((page) => textOf(page).match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/g) ?? []));
  expect(read).toEqual(expect.arrayContaining(['SWITCHYARD_TOKEN', 'CUDA_VISIBLE_DEVICES', 'OPENAI_API_KEY']));
  expect([...new Set(read)].filter((name) => !told.has(name) && !notToBeSet.includes(name))).toEqual([]);
  const stale = [...told].filter((name) => name.startsWith('SWITCHYARD_') && !read.includes(name) && name !== 'SWITCHYARD_SECRET');
  expect(stale).toEqual([]);
});

/** A command's --help, read from its file: its code would load the engine. */
const usageOf = (name: string) => /usage: `([^`]*)`/.exec(textOf(`apps/api/src/cli/${name}.ts`))?.[1] ?? '';

test('every command that a page shows is there with its flags, and every command stands on the page of the server', () => {
  const commands = [...textOf('apps/api/src/main.ts').matchAll(/^ {2}(\w+): async \(\) => \(await import/gm)].map(([, name = '']) => name);
  const shown = pages.flatMap((page) => textOf(page).match(/\bswitchyard [a-z]+\b[^\n`|]*/g) ?? []);
  const wrong = shown.filter((line) => {
    const [, name = ''] = line.split(/\s/);
    const flags = line.replace(/\s#.*/, '').match(/--[a-z][a-z-]*/g) ?? [];
    if (!commands.includes(name)) return flags.length > 0;
    const known = ['--help', ...(usageOf(name).match(/--[a-z][a-z-]*/g) ?? [])];
    return flags.some((flag) => !known.includes(flag));
  });
  expect(shown.length).toBeGreaterThan(30);
  expect(wrong).toEqual([]);
  expect(commands.filter((name) => !textOf('docs/server.md').includes(`\`${name}\``))).toEqual([]);
});
