import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { environmentOver } from '../../authoring/environment-over.ts';
import type { Environment, ExecResult } from '../../contracts/environment.ts';
import type { Judge, PlannedTest } from '../../contracts/suite-plan.ts';
import type { TestSuites } from '../../contracts/test-suites.ts';
import { parts, request, shelf } from '../engine-parts.fixture.ts';
import { runTestWith } from '../run-test.ts';

const passes: Judge = { push() {}, end: () => ({ status: 'passed', cases: [] }) };
const end = (code: number): ExecResult => ({
  end: { type: 'exit', code },
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  truncated: false,
});

function planned(...names: string[]): PlannedTest[] {
  return names.map((name) => ({
    name,
    kind: 'executable',
    command: [name],
    requires: [],
    protocol: { type: 'tap' },
  }));
}

/** Suites that consist of these tests; they are in an empty directory. */
async function suitesOf(tests: readonly PlannedTest[]): Promise<TestSuites> {
  const root = await mkdtemp(join(tmpdir(), 'alts-run-suite-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return {
    fetch: async () => ({ root, dir: '', name: 'x', source: 'x', async [Symbol.asyncDispose]() {} }),
    plan: async () => ({ format: 'scripts', tests, notes: [] }),
    judge: async () => passes,
    play: async () => ({ unusable: 'there is no playbook' }),
  };
}

/** What the engine itself does in the environment is done by the shell of this machine. */
const here = environmentOver(
  { start: ([program, ...args]) => spawn(program, args) },
  { id: 'here', system: { distribution: 'debian', version: '12' } },
);
const WORK = '/var/tmp/alts-tests';
afterAll(() => rm(WORK, { recursive: true, force: true }));

/** An environment whose programs print what is said here. */
function printing(texts: Readonly<Record<string, string>>): Environment['exec'] {
  return async (command, options) => {
    const text = texts[command[0]];
    if (text === undefined) return command[0] === 'install' ? end(0) : here.exec(command, options);
    await options?.onOutput?.({ stream: 'stdout', bytes: new TextEncoder().encode(text) });
    return end(0);
  };
}

async function run(tests: readonly PlannedTest[], environment: Partial<Environment>, fields: object = {}) {
  const suites = await suitesOf(tests);
  const { runner } = shelf(environment);
  const report = await runTestWith(parts({ runner, suites }), { ...request, tests: ['/tmp'], ...fields });
  return report;
}

describe.runIf(process.platform === 'linux')('a test that wants a restart', () => {
  const marked = { exec: printing({ one: '1\n>>>VMRESTART<<<\n', two: '' }) };

  it('has the system restarted before the next', async () => {
    const order: string[] = [];
    const exec: Environment['exec'] = async (argv, options) => {
      order.push(argv[0]);
      return marked.exec(argv, options);
    };
    const reboot = async () => void order.push('reboot');
    const report = await run(planned('one', 'two'), { exec, reboot });
    expect(report.suites[0]?.tests.map(({ status }) => status)).toEqual(['passed', 'passed']);
    expect(order.filter((name) => ['one', 'two', 'reboot'].includes(name))).toEqual(['one', 'reboot', 'two']);
  });

  it('is skipped where the system cannot be restarted', async () => {
    const report = await run(planned('one', 'two'), marked);
    expect(report.suites[0]?.tests).toMatchObject([
      { status: 'skipped', reason: expect.stringContaining('cannot reboot') },
      { status: 'passed' },
    ]);
  });
});

it.runIf(process.platform === 'linux')(
  'of a suite whose time is over, the tests that are left are skipped, and say why',
  async () => {
    const exec: Environment['exec'] = async (command, options) => {
      if (command[0] === 'one') await new Promise((done) => setTimeout(done, 60));
      return printing({ one: '', two: '' })(command, options);
    };
    const report = await run(
      planned('one', 'two'),
      { exec },
      {
        tests: [{ directory: '/tmp', timeoutsMs: { suite: 50 } }],
      },
    );
    expect(report.suites[0]?.tests[1]).toMatchObject({
      status: 'skipped',
      reason: expect.stringMatching(/the limit of the suite x, .* was reached before it/),
    });
  },
);

describe.runIf(process.platform === 'linux')('a skip rule for tests', () => {
  async function skipping(pattern: string) {
    const asked: string[] = [];
    const satisfy = async (_: unknown, wanted: readonly string[]) => void asked.push(...wanted);
    const tests = planned('one', 'two').map((test) => ({ ...test, requires: [`alts-no-such-${test.name} (>= 1)`] }));
    const { runner } = shelf({ exec: printing({ one: '', two: '' }) });
    const skip = [{ stage: 'third_party_tests', tests: pattern, reason: 'we know' }];
    const made = parts({ runner, suites: await suitesOf(tests), manager: { satisfy } });
    const report = await runTestWith(made, { ...request, tests: ['/tmp'], skip });
    return { report, asked };
  }

  it('takes those out before anything is installed for them; the others run', async () => {
    const { report, asked } = await skipping('t*');
    expect(report.suites[0]?.tests).toMatchObject([
      { name: 'one', status: 'passed' },
      { name: 'two', status: 'skipped', reason: 'skipped by rule: we know', attempts: 0 },
    ]);
    expect(asked).toEqual(['alts-no-such-one (>= 1)']);
    expect(report.stages.find(({ name }) => name === 'third_party_tests')?.status).toBe('passed');
    expect(report.findings).toEqual([]);
  });

  it('that fits none is reported', async () => {
    const { report } = await skipping('tow');
    expect(report.findings).toMatchObject([
      { checker: 'skips', rule: 'unused-skip', severity: 'warning', subject: 'third_party_tests tow' },
    ]);
    expect(report.verdict).toBe('passed');
  });
});
