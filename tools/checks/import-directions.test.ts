import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Files, each with an import that points the wrong way. */
const FORBIDDEN: readonly (readonly [file: string, imported: string])[] = [
  ['packages/sdk/src/contracts/x.ts', '../engine/plan.ts'],
  ['packages/sdk/src/contracts/x.ts', '../checkers/index.ts'],
  ['packages/sdk/src/contracts/x.ts', 'tsyringe'],
  ['packages/sdk/src/plugin.ts', './engine/plan.ts'],
  ['packages/sdk/src/engine/x.ts', '../checkers/index.ts'],
  ['packages/sdk/src/engine/stages/x.ts', '../../composition/tokens.ts'],
  ['packages/sdk/src/engine/x.ts', '@alts/runner-docker'],
  ['packages/sdk/src/checkers/x.ts', '../engine/plan.ts'],
  ['packages/sdk/src/collectors/x.ts', '../composition/tokens.ts'],
  ['packages/sdk/src/package-managers/x.ts', '../engine/plan.ts'],
  ['packages/sdk/src/engine/x.ts', '../exclusions/load-exclusions.ts'],
  ['packages/sdk/src/exclusions/x.ts', '../engine/plan.ts'],
  ['packages/sdk/src/contracts/x.ts', '../download/open-download.ts'],
  ['packages/sdk/src/download/x.ts', '../engine/plan.ts'],
  ['packages/sdk/src/suites/x.ts', '../engine/plan.ts'],
  ['packages/sdk/src/reporters/x.ts', 'tsyringe'],
  ['packages/sdk/src/embedded/x.ts', '../engine/plan.ts'],
  ['packages/runner-docker/src/x.ts', '@alts/sdk'],
  ['packages/runner-docker/src/x.ts', '../../sdk/src/engine/plan.ts'],
  ['packages/runner-other/src/x.ts', '@alts/runner-docker'],
  ['packages/storage-s3/src/x.ts', '@alts/sdk'],
  ['packages/queue-amqp/src/x.ts', 'tsyringe'],
  ['packages/testkit/src/x.ts', '@alts/sdk'],
  ['packages/testkit/src/x.ts', '@alts/runner-docker'],
  ['packages/cli/src/x.ts', '@alts/runner-docker'],
  ['packages/cli/src/x.ts', 'tsyringe'],
  ['apps/scheduler/src/x.ts', '@alts/queue-amqp'],
  ['apps/worker/src/x.ts', '@alts/runner-docker'],
];

const ALLOWED: typeof FORBIDDEN = [
  ['packages/sdk/src/contracts/x.ts', 'zod'],
  ['packages/sdk/src/contracts/x.ts', './errors.ts'],
  ['packages/sdk/src/engine/x.ts', '../contracts/errors.ts'],
  ['packages/sdk/src/engine/stages/x.ts', '../plan.ts'],
  ['packages/sdk/src/engine/x.ts', '../download/open-download.ts'],
  ['packages/sdk/src/suites/x.ts', '../download/open-download.ts'],
  ['packages/sdk/src/checkers/x.ts', '../contracts/checker.ts'],
  ['packages/sdk/src/composition/x.ts', '../engine/plan.ts'],
  ['packages/runner-docker/src/x.ts', '@alts/sdk/plugin'],
  ['packages/testkit/src/x.ts', '@alts/sdk/plugin'],
  ['packages/cli/src/x.ts', '@alts/sdk'],
  ['apps/scheduler/src/x.ts', '@alts/sdk/plugin'],
  ['apps/worker/src/x.ts', '@alts/sdk'],
  ['packages/cli/src/container.ts', '@alts/runner-docker'],
];

const sources = [...FORBIDDEN, ...ALLOWED].map(([file, imported], index) => ({
  name: `${file} importing ${imported}`,
  // A name of its own for each case, but for container.ts, which the rule knows by its name.
  file: file.replace(/\bx\.ts$/, `x${index}.ts`),
  text: `import { x } from '${imported}';\n\nexport const y = x;\n`,
}));
const fileOf = (name: string) => sources.find((source) => source.name === name)?.file ?? '';

let folder: string;
/** Files that the linter, with this repository's configuration, says a forbidden import of. */
let accused: ReadonlySet<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alts-import-directions-'));
  for (const file of ['biome.json', '.gitignore']) await copyFile(join(ROOT, file), join(folder, file));
  for (const { file, text } of sources) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  const lint = ['lint', '--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=github'];
  const { stdout } = await execa('biome', lint, { cwd: folder, preferLocal: true, localDir: ROOT, reject: false });
  const errors = stdout.matchAll(/::error title=lint\/style\/noRestrictedImports,file=([^,]+)/g);
  accused = new Set([...errors].map(([, file = '']) => relative(folder, file)));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(FORBIDDEN)('forbidden: %s importing %s', (file, imported) => {
  expect(accused).toContain(fileOf(`${file} importing ${imported}`));
});

test.each(ALLOWED)('allowed: %s importing %s', (file, imported) => {
  expect(accused).not.toContain(fileOf(`${file} importing ${imported}`));
});
