/**
 * The packages as a consumer meets them: packed, installed in an empty directory elsewhere, and used from there. Runs
 * the README's examples against a real Docker Engine. Exits with 1, and says what went wrong, when any of it fails.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { packAndInstall, publishedPackages } from './pack-and-install.ts';

const root = join(import.meta.dirname, '../..');

async function step(what: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  console.log(`ok ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

const names = await publishedPackages();
await using consumer = await packAndInstall(names);
const here = { cwd: consumer.directory, env: { NO_COLOR: '1' } } satisfies Options;

await step('the README example tests a real package', async () => {
  await copyFile(join(root, 'examples/run-test.ts'), join(consumer.directory, 'run-test.ts'));
  const { stdout } = await execa('node', ['run-test.ts'], here);
  if (!stdout.includes('passed')) throw new Error(`the example printed no verdict "passed":\n${stdout}`);
});

await step('a scheduler and a worker in one process test a real package', async () => {
  await copyFile(join(root, 'examples/embedded-fleet.ts'), join(consumer.directory, 'embedded-fleet.ts'));
  const { stdout } = await execa('node', ['embedded-fleet.ts'], here);
  if (!stdout.includes('hello: passed')) throw new Error(`the example printed no "hello: passed":\n${stdout}`);
});

await step('the alts command runs', async () => {
  const { stdout } = await execa('npx', ['--no-install', 'alts', '--version'], here);
  if (!/^\d+\.\d+\.\d+/.test(stdout)) throw new Error(`alts --version printed: ${stdout}`);
  const refused = await execa('npx', ['--no-install', 'alts', 'test', 'hello', '--on', 'nosuch:1'], {
    ...here,
    reject: false,
  });
  if (refused.exitCode !== 2) throw new Error(`alts test --on nosuch:1 exited ${refused.exitCode}: ${refused.stderr}`);
});

await step("the authors' door loads neither tsyringe nor the engine", async () => {
  const script = `
    const { registerHooks } = await import('node:module');
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import('@alts/sdk/plugin');
    console.log(loaded.filter((url) => /tsyringe|reflect-metadata|sdk\\/dist\\/(engine|composition)/.test(url)).join(' '));`;
  const { stdout } = await execa('node', ['--input-type=module', '-e', script], here);
  if (stdout.trim() !== '') throw new Error(`it loads ${stdout}`);
});

await step('the JSON Schema of reports is published', async () => {
  const script = `
    const { default: schema } = await import('@alts/sdk/report.schema.json', { with: { type: 'json' } });
    console.log(schema.properties.verdict.enum.join(' '));`;
  const { stdout } = await execa('node', ['--input-type=module', '-e', script], here);
  if (stdout.trim() !== 'passed failed error cancelled') throw new Error(`its verdicts are: ${stdout}`);
});
