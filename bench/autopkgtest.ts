/**
 * The same tests of real Debian source packages, by autopkgtest and by ALTS, on the same image: their verdicts side by
 * side. `npm run bench:autopkgtest` runs all, `npm run bench:autopkgtest -- gzip sed` those. Exits with 1 where they differ.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerRunner } from '@alts/runner-docker';
import { directoryStore, runTest, type SuiteTest } from '@alts/sdk';
import { execa } from 'execa';
import { time } from './measure.ts';

const SYSTEM = 'debian:12';
/** Of those whose tests need no build: small ones, and such as use what DEP-8 has. */
const PACKAGES = ['gzip', 'sed', 'less', 'procps', 'psmisc', 'ed', 'file', 'grep', 'dash'];
const packages = process.argv.length > 2 ? process.argv.slice(2) : PACKAGES;

const TOOLS = `FROM ${SYSTEM}
RUN apt-get -q update && apt-get -q -y --no-install-recommends install autopkgtest docker.io dpkg-dev patch xz-utils
RUN sed -i 's/^deb \\(.*\\)$/deb \\1\\ndeb-src \\1/' /etc/apt/sources.list && apt-get -q update
`;
const SOURCE = 'cd "$1" && apt-get -q source "$2" && mv "$2"-*/ source';
const AUTOPKGTEST = `autopkgtest --no-built-binaries source/ --setup-commands='apt-get -q update' \\
  --summary-file="$1/summary" -- docker ${SYSTEM} > "$1/log" 2>&1; true`;

/** What autopkgtest(1) calls the ends of tests, in our words. */
const WORDS: Readonly<Record<string, SuiteTest['status']>> = {
  PASS: 'passed',
  FAIL: 'failed',
  SKIP: 'skipped',
  FLAKY: 'flaky',
};

type Verdicts = ReadonlyMap<string, { readonly status: string; readonly reason: string }>;

async function byAutopkgtest(image: string, directory: string): Promise<Verdicts> {
  const engine = '/var/run/docker.sock:/var/run/docker.sock';
  const mounts = ['--volume', engine, '--volume', `${directory}:${directory}`, '--env', `TMPDIR=${directory}`];
  const script = ['sh', '-c', `cd "$1" && ${AUTOPKGTEST} && cat "$1/summary"`, 'sh', directory];
  const { stdout } = await execa('docker', ['run', '--rm', '--init', ...mounts, image, ...script]);
  const lines = stdout.split('\n').flatMap((line) => {
    const [, name = '', word = '', reason = ''] = /^(\S+)\s+(PASS|FAIL|SKIP|FLAKY)\s*(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, { status: WORDS[word] ?? word, reason: reason.trim() }] as const];
  });
  return new Map(lines);
}

async function byAlts(name: string, directory: string): Promise<Verdicts> {
  const report = await runTest(
    { package: { name }, system: SYSTEM, tests: [{ directory: join(directory, 'source') }] },
    { runner: dockerRunner(), store: directoryStore(join(directory, 'results')) },
  );
  const tests = report.suites.flatMap((suite) => suite.tests);
  if (tests.length === 0) console.log(`${name}: ${JSON.stringify(report.stages.find((s) => s.status !== 'passed'))}`);
  return new Map(tests.map(({ name: test, status, reason = '' }) => [test, { status, reason }]));
}

/** A row of the table; true where both say the same. */
function compare(name: string, test: string, peer: Verdicts, own: Verdicts): boolean {
  const [theirs, ours] = [peer.get(test), own.get(test)];
  const same = theirs?.status === ours?.status;
  const why = same ? '' : ` ${theirs?.reason ?? ''} / ${ours?.reason ?? ''}`;
  console.log(
    `| ${name} | ${test} | ${theirs?.status ?? '-'} | ${ours?.status ?? '-'} | ${same ? 'yes' : `no:${why}`} |`,
  );
  return same;
}

const image = `alts-bench-autopkgtest:${process.pid}`;
const work = await mkdtemp(join(tmpdir(), 'alts-autopkgtest-'));
try {
  await execa('docker', ['build', '--quiet', '--force-rm', '--tag', image, '-'], { input: TOOLS });
  console.log('| package | test | autopkgtest | alts | the same |\n|---|---|---|---|---|');
  const seconds = { autopkgtest: 0, alts: 0 };
  let differ = 0;
  for (const name of packages) {
    const directory = join(work, name);
    await mkdir(directory);
    const mount = ['--volume', `${directory}:${directory}`];
    await execa('docker', ['run', '--rm', ...mount, image, 'sh', '-ec', SOURCE, 'sh', directory, name]);
    let [peer, own]: [Verdicts, Verdicts] = [new Map(), new Map()];
    seconds.autopkgtest += await time(async () => (peer = await byAutopkgtest(image, directory)));
    seconds.alts += await time(async () => (own = await byAlts(name, directory)));
    const tests = [...new Set([...peer.keys(), ...own.keys()])];
    differ += tests.filter((test) => !compare(name, test, peer, own)).length;
  }
  console.log(
    `autopkgtest ${(seconds.autopkgtest / 1000).toFixed(0)} s, alts ${(seconds.alts / 1000).toFixed(0)} s; ${differ} differ`,
  );
  process.exitCode = differ > 0 ? 1 : 0;
} finally {
  // Made by root inside: only root may remove it.
  const clean = ['run', '--rm', '--volume', `${work}:${work}`, SYSTEM, 'sh', '-c', 'rm -rf "$1"/*', 'sh', work];
  await execa('docker', clean, { reject: false });
  if ((await readdir(work)).length === 0) await rm(work, { recursive: true });
  await execa('docker', ['rmi', '--force', image], { reject: false });
}
