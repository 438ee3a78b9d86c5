import { expect, it } from 'vitest';
import type { Environment, ExecResult } from '../contracts/environment.ts';
import type { AnyCollector, CheckContext, Facts } from '../contracts/facts.ts';
import { gatherFacts } from './gather-facts.ts';

const context: CheckContext = { phase: 'installed', package: { name: 'x' } };
const nothing = new Uint8Array();

/** Ends every command at its limit, and hangs on every reading until it is aborted. */
const slow: Environment = {
  id: 'slow',
  system: { distribution: 'debian', version: '12' },
  async exec(_command, { timeoutMs: limitMs = 0 } = {}): Promise<ExecResult> {
    return { end: { type: 'time-limit', limitMs }, stdout: nothing, stderr: nothing, truncated: false };
  },
  async *read(_paths, { signal } = {}) {
    await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  },
  write: async () => undefined,
};

function gatherBy(collect: (environment: Environment, signal: AbortSignal | undefined) => Promise<unknown>) {
  const fact = 'package.installed' satisfies keyof Facts;
  const collector: AnyCollector = {
    fact,
    needs: [],
    collect: (environment, _facts, _context, { signal }) => collect(environment, signal) as Promise<never>,
  };
  const options = { known: {}, signal: new AbortController().signal, limitMs: 50, onGathered: () => undefined };
  return gatherFacts([fact], [collector], slow, context, options);
}

const late = { code: 'time_limit', message: 'gathering package.installed took longer than its limit of 50 ms' };

it('names the fact whose command has come to its limit', async () => {
  await expect(gatherBy((environment) => environment.exec(['true']))).rejects.toMatchObject(late);
});

it('names the fact whose files cannot be read in time', async () => {
  const reading = gatherBy((environment, signal) => Array.fromAsync(environment.read(['/x'], { signal })));
  await expect(reading).rejects.toMatchObject(late);
});

it('leaves a limit that a collector sets itself to that collector', async () => {
  const facts = await gatherBy(async (environment) => (await environment.exec(['true'], { timeoutMs: 10 })).end);
  expect(facts['package.installed']).toEqual({ type: 'time-limit', limitMs: 10 });
});
