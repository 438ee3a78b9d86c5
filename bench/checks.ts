import { dockerRunner } from '@alts/runner-docker';
import {
  type CheckContext,
  createContainer,
  currentOwner,
  type Environment,
  type Facts,
  type Family,
  Resources,
  System,
  TOKENS,
} from '@alts/sdk';
import { execa } from 'execa';
import { gatherFacts } from '../packages/sdk/src/engine/gather-facts.ts';
import { readingEnvironment } from '../packages/sdk/src/engine/reading-environment.ts';
import { alternate, type Spread } from './measure.ts';

const INSTALL = `export DEBIAN_FRONTEND=noninteractive
apt-get update -q && apt-get install -q -y --no-install-recommends "$1"`;
const LIMIT_MS = 120_000;

const container = createContainer();
const checkers = container
  .resolve(TOKENS.checkers)
  .filter(({ phases = ['installed'] }) => phases.includes('installed'));
const family: Family = 'deb';
const { collectors } = container.resolve(TOKENS.packageManagers).find((manager) => manager.family === family) ?? {};

/** All facts that checkers want and do not know, then all checkers: what a test does after the install. */
async function check(environment: Environment, known: Partial<Facts>, context: CheckContext): Promise<number> {
  const wanted = new Set(checkers.flatMap((checker) => checker.needs));
  const options = { known, signal: AbortSignal.timeout(LIMIT_MS), limitMs: LIMIT_MS, onGathered: () => undefined };
  const facts = (await gatherFacts(wanted, collectors ?? [], environment, context, options)) as Facts;
  return checkers.reduce((sum, checker) => sum + [...checker.check(facts, context)].length, 0);
}

/** What is wanted of the time before the package. */
async function before(environment: Environment, context: CheckContext): Promise<Partial<Facts>> {
  const needed = new Set(checkers.flatMap((checker) => checker.needs));
  const wanted = (collectors ?? []).filter(({ fact, moment }) => moment === 'before' && needed.has(fact));
  const options = { known: {}, signal: AbortSignal.timeout(LIMIT_MS), limitMs: LIMIT_MS, onGathered: () => undefined };
  return gatherFacts(
    wanted.map(({ fact }) => fact),
    collectors ?? [],
    environment,
    context,
    options,
  );
}

export interface ChecksMeasured {
  readonly files: number;
  readonly tar: Spread;
  readonly verify: Spread;
  readonly checks: Spread;
}

/** The checks alone, on a package that is installed, against one tar of its files and one `dpkg -V`. */
export async function measureChecks(name: string, rounds: number): Promise<ChecksMeasured> {
  const runner = dockerRunner();
  const lease = { taskId: `bench-${process.pid}`, owner: currentOwner(), deadline: new Date(Date.now() + 3_600_000) };
  const environment = await runner.provision(
    { system: System.parse('debian:12'), resources: Resources.parse({}) },
    { lease },
  );
  const reader = readingEnvironment(environment);
  try {
    const context: CheckContext = { phase: 'installed', package: { name } };
    // What the install said is no collector's; of these packages it said nothing.
    const known = { ...(await before(reader, context)), 'package.scriptlets': [] };
    await environment.exec(['sh', '-ec', INSTALL, 'sh', name], { timeoutMs: 600_000 });
    const inside = (script: string): Promise<unknown> =>
      execa('docker', ['exec', environment.id, 'sh', '-c', script, 'sh', name], { stdout: 'ignore' });
    const list = await environment.exec(['sh', '-c', 'dpkg -L "$1" | wc -l', 'sh', name]);
    const measured = await alternate(
      {
        tar: () => inside('dpkg -L "$1" | tar --no-recursion -cf - -T -'),
        verify: () => inside('dpkg -V "$1"'),
        checks: () => check(reader, known, context),
      },
      rounds,
    );
    return { files: Number(Buffer.from(list.stdout).toString()), ...measured };
  } finally {
    await reader.close();
    await runner.remove(environment.id);
  }
}
