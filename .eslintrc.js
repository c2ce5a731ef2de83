/**
 * Which package may import which other package of this repository. What is not
 * listed here is an error, so that an arrow between two packages is always a
 * decision and never an accident.
 */
const mayImport = {
  'plugins/sigstore-common': [],
  'plugins/sigstore-node': ['plugins/sigstore-common'],
  'packages/engine': ['plugins/sigstore-common'],
  'packages/ct': ['plugins/sigstore-common', 'packages/engine'],
  'plugins/sigstore-backend': [
    'plugins/sigstore-common',
    'plugins/sigstore-node',
    'packages/engine',
  ],
  'plugins/catalog-backend-module-sigstore': [
    'plugins/sigstore-common',
    'plugins/sigstore-node',
  ],
  'plugins/sigstore-backend-module-kubernetes': [
    'plugins/sigstore-common',
    'plugins/sigstore-node',
  ],
  'plugins/sigstore': ['plugins/sigstore-common'],
  'packages/backend': [
    'plugins/sigstore-backend',
    'plugins/catalog-backend-module-sigstore',
  ],
  'packages/app': ['plugins/sigstore'],
};

const packages = Object.keys(mayImport);

const arrows = packages.flatMap(target =>
  packages
    .filter(from => from !== target && !mayImport[target].includes(from))
    .map(from => ({
      target: `./${target}`,
      from: `./${from}`,
      message: `${target} must not depend on ${from}. The arrows are listed in .eslintrc.js.`,
    })),
);

const everyFileButUi = [
  './plugins/sigstore/src/*',
  './plugins/sigstore/src/!(ui)/**/*',
];

/** What Node runs as it is, outside the Backstage build. */
const scripts = {
  files: [
    'scripts/**/*.mjs',
    'e2e-tests/**/*.{ts,mjs}',
    'packages/demo-world/**/*.{ts,mjs}',
  ],
  parser: '@typescript-eslint/parser',
  parserOptions: { ecmaVersion: 2022, sourceType: 'module' },
  env: { node: true, es2022: true },
  extends: [
    '@spotify/eslint-config-base',
    '@spotify/eslint-config-typescript',
    'prettier',
  ],
  rules: {
    'no-console': 'off',
    // The compiler sees these, and sees them better.
    '@typescript-eslint/no-use-before-define': 'off',
    'consistent-return': 'off',
    'default-case': 'off',
    'no-loop-func': 'off',
  },
};

module.exports = {
  root: true,
  plugins: ['import'],
  overrides: [scripts],
  settings: {
    'import/resolver': {
      node: {
        extensions: ['.js', '.jsx', '.ts', '.tsx', '.json'],
        // Workspaces are links; the rule below compares real paths.
        preserveSymlinks: false,
      },
    },
  },
  rules: {
    'import/no-restricted-paths': [
      'error',
      {
        basePath: __dirname,
        zones: [
          ...arrows,
          {
            target: everyFileButUi,
            from: './node_modules/@mui/**/*',
            message: 'Only src/ui imports Material UI.',
          },
          {
            target: './packages/engine/**/*',
            from: './node_modules/@backstage/backend-*/**/*',
            message: 'The engine also runs outside Backstage.',
          },
        ],
      },
    ],
  },
};
