import { defineConfig } from 'vitest/config';

const source = { resolve: { conditions: ['@alts/source'] }, ssr: { resolve: { conditions: ['@alts/source'] } } };
/** Files named so need a Docker engine; all others run anywhere, in seconds. */
const needsDocker = ['**/*.docker.test.ts', '**/conformance.test.ts'];
const everywhere = ['apps', 'packages', 'examples', 'tools', 'fixtures'].map((folder) => `${folder}/**/*.test.ts`);
/** What is waited for comes at once on a machine that has nothing else to do, and this one may have. */
const expectations = { poll: { timeout: 8000 } };
const never = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: everywhere,
          exclude: [...never, ...needsDocker],
          testTimeout: 20_000,
          expect: expectations,
        },
      },
      {
        ...source,
        test: {
          name: 'docker',
          include: needsDocker,
          exclude: never,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: expectations,
        },
      },
    ],
    maxWorkers: 2,
  },
});
