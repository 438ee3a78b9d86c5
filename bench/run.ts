/**
 * Speed, as ratios against a floor in the same run: the same package, the same image, the same mirror, in turns.
 * `npm run bench` runs all, and what the fleet costs; `npm run bench -- hello` one package; ALTS_BENCH_ROUNDS sets the rounds (at least 5 count).
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startChildTest } from '../fixtures/hostile/child-process.ts';
import { packAndInstall } from '../test/consumer/pack-and-install.ts';
import { measureChecks } from './checks.ts';
import { alternate, HEADER, row, spread, time } from './measure.ts';

const root = join(import.meta.dirname, '..');
const rounds = Number(process.env['ALTS_BENCH_ROUNDS'] ?? 5);
const packages = process.argv.length > 2 ? process.argv.slice(2) : ['hello', 'nginx-light', 'git'];
/** Whose checks are measured alone: a thousand files, and more than 10,000. */
const LARGE = 'libboost1.81-dev';
const CHECKED = ['git', LARGE];
const alts = join(root, 'packages/cli/bin/alts.js');

/** What a person would do by hand, in one shell in one container: the least that has to be done. */
const FLOOR = `export DEBIAN_FRONTEND=noninteractive
apt-get update -q && apt-get install -q -y --no-install-recommends "$1" && dpkg -V "$1" && apt-get purge -q -y "$1"`;

function floor(name: string): Promise<unknown> {
  return execa('docker', ['run', '--rm', '--init', 'debian:12', 'sh', '-ec', FLOOR, 'sh', name]);
}

async function cold(name: string, output: string): Promise<void> {
  await execa('node', [alts, 'test', name, '--on', 'debian:12', '--output', output, '--format', 'json']);
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function peakOf(name: string): Promise<number> {
  const request = { package: { name }, system: 'debian:12' };
  await using child = startChildTest(request, { results: output, temporary: output, built: true });
  return Math.round((await child.result()).peakMiB);
}

async function repeat(run: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) taken.push(await time(run));
  return taken;
}

const output = await mkdtemp(join(tmpdir(), 'alts-bench-'));
try {
  console.log(`${rounds} rounds in turns on debian:12, both sides without recommended packages\n${HEADER}`);
  for (const name of packages) {
    const { plain, tested } = await alternate({ plain: () => floor(name), tested: () => cold(name, output) }, rounds);
    console.log(row(`${name}: docker run, apt`, plain, 'the floor'));
    console.log(
      row(`${name}: alts test, cold`, tested, `ratio ${(tested.median / plain.median).toFixed(2)} (goal 1.15)`),
    );
  }
  for (const name of CHECKED) {
    const { files, tar, verify, checks } = await measureChecks(name, rounds);
    const ratio = (other: typeof tar): string => (checks.median / other.median).toFixed(2);
    console.log(row(`${name}: tar of its files`, tar, `the floor: ${files} files`));
    console.log(row(`${name}: dpkg -V`, verify));
    console.log(row(`${name}: all checks`, checks, `ratio ${ratio(tar)} (goal 3), to dpkg -V ${ratio(verify)}`));
  }
  console.log(`most memory of a test of ${LARGE}: ${await peakOf(LARGE)} MiB (goal 250)`);
} finally {
  await rm(output, { recursive: true, force: true });
}

await using consumer = await packAndInstall(['@alts/sdk', '@alts/runner-docker']);
const node = (...args: string[]): Promise<unknown> => execa('node', args, { cwd: consumer.directory });
const bare = spread(await repeat(() => node('-e', '0')));
console.log(row('node, doing nothing', bare, 'the floor'));
const over = (ms: number): string => `ratio ${(ms / bare.median).toFixed(2)}`;
const version = spread(await repeat(() => execa('node', [alts, '--version'])));
console.log(row('alts --version', version, over(version.median)));
const imported = spread(await repeat(() => node('--input-type=module', '-e', "await import('@alts/sdk')")));
console.log(row("import('@alts/sdk')", imported, over(imported.median)));
const megabytes = (await sizeOf(join(consumer.directory, 'node_modules'))) / 1e6;
console.log(`@alts/sdk + @alts/runner-docker installed: ${megabytes.toFixed(1)} MB`);

if (process.argv.length === 2) await import('./fleet/run.ts');
