/** What only a linter with types can see. Formatting and plain rules are biome's; who may import whom is dependency-cruiser's. */
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const unsafe = [
  {
    selector: "CallExpression[callee.name='eval'], NewExpression[callee.name='Function']",
    message: 'No code is made from text on the host: the sandbox is the only place for it.',
  },
  {
    selector: "CallExpression[callee.object.name='Object'][callee.property.name='assign'][arguments.0.type='ObjectExpression']",
    message: 'Merging into a fresh object hides __proto__ keys of foreign JSON: spread known fields instead.',
  },
];

/**
 * V8 gives each function that makes objects of its own a hidden class, and lays it where only a collection of the whole heap looks: till then it keeps
 * all that the function closes over. Of a server's runs that was 20 KB each, copied again and again.
 */
const madeInACall = [
  ':function FunctionExpression[generator=true]',
  ':function FunctionDeclaration[generator=true]',
  ':function ObjectExpression > Property[kind=/^[gs]et$/]',
  ':function ClassDeclaration',
  ':function ClassExpression',
].map((selector) => ({
  selector,
  message: 'Made anew in each call, this keeps all it closes over until the whole heap is collected: make it once, in the module.',
}));

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '.cache/**',
      'artifacts/**',
      '**/*.mjs',
      '**/*.cjs',
      'bench/**',
      '*.config.ts',
      '**/vite.config.ts',
      '**/playwright.config.ts',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-restricted-syntax': ['error', ...unsafe],
      'max-params': ['error', 4],
    },
  },
  {
    files: ['packages/*/src/**/*.ts', 'apps/api/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...unsafe, ...madeInACall] },
  },
  { files: ['apps/web/**/*.{ts,tsx}'], plugins: { 'react-hooks': reactHooks }, rules: { 'react-hooks/rules-of-hooks': 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}', '**/*.spec.ts'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 80, IIFEs: true }],
    },
  },
);
