import { describe, expect, it } from 'vitest';
import type { Environment } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { TestEvent } from '../contracts/events.ts';
import type { Failure } from '../contracts/report.ts';
import { TestReport } from '../contracts/report.ts';
import type { Runner } from '../contracts/runner.ts';
import { STAGES } from '../contracts/stages.ts';
import { drawer, needsInstalled, parts, request, shelf } from './engine-parts.fixture.ts';
import { runTestWith } from './run-test.ts';

// The engine's own rules, without a system: what real systems do is tested on real ones, in *.docker.test.ts.

const statuses = (report: TestReport): Record<string, string> =>
  Object.fromEntries(report.stages.map(({ name, status }) => [name, status]));

describe('a test', () => {
  it('runs every stage in order, keeps a log of each, and passes', async () => {
    const { store, kept } = drawer();
    const { runner, left } = shelf();
    const report = await runTestWith(parts({ runner, store }), request);
    expect(TestReport.parse(report)).toEqual(report);
    expect(report.verdict).toBe('passed');
    expect(report.stages.map(({ name }) => name)).toEqual([...STAGES]);
    expect(report.package).toMatchObject({ name: 'hello', version: '1', origin: 'here' });
    expect([...kept.keys()]).toEqual([...STAGES.map((stage) => `${stage}.log`), 'report.json']);
    expect(JSON.parse(kept.get('report.json') ?? '')).toEqual(report);
    expect(left.size).toBe(0);
  });

  it('tells what happens in order, the verdict last', async () => {
    const events: TestEvent[] = [];
    await runTestWith(parts(), request, { onEvent: (event) => void events.push(event) });
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index));
    const started = events.flatMap((event) => (event.type === 'stage-started' ? [event.stage] : []));
    expect(started).toEqual([...STAGES]);
    expect(events.at(-1)).toMatchObject({ type: 'verdict', verdict: 'passed' });
  });

  it('fails when the package does; what comes after is skipped with the reason, and the environment goes', async () => {
    const failure: Failure = { reason: 'unmet_dependency', message: 'libx is missing' };
    const { runner, left } = shelf();
    const report = await runTestWith(parts({ runner, manager: { install: async () => failure } }), request);
    expect(report.verdict).toBe('failed');
    expect(statuses(report)).toMatchObject({
      system_info: 'passed',
      install_package: 'failed',
      uninstall_package: 'skipped',
      stop_environment: 'passed',
    });
    expect(report.stages.find(({ name }) => name === 'uninstall_package')).toMatchObject({
      reason: 'install_package ended with "failed"',
    });
    expect(left.size).toBe(0);
    expect(report.error).toBeUndefined();
  });

  it('is an error when the infrastructure fails, and never throws', async () => {
    const { runner, left } = shelf();
    const install = async (): Promise<never> => Promise.reject(new AltsError('environment_lost', 'the daemon died'));
    const report = await runTestWith(parts({ runner, manager: { install } }), request);
    expect(report).toMatchObject({ verdict: 'error', error: { code: 'environment_lost', message: 'the daemon died' } });
    expect(left.size).toBe(0);
  });

  it('is an error when something unforeseen is thrown', async () => {
    const install = async (): Promise<never> => Promise.reject(new TypeError('x is not a function'));
    const report = await runTestWith(parts({ manager: { install } }), request);
    expect(report).toMatchObject({ verdict: 'error', error: { code: 'internal', message: 'x is not a function' } });
  });

  it('is an error when its evidence cannot be kept', async () => {
    const report = await runTestWith(parts({ store: drawer('system_info.log').store }), request);
    expect(report).toMatchObject({ verdict: 'error', error: { code: 'store_unavailable' } });
  });

  it('stays failed when its evidence cannot be kept', async () => {
    const install = async (): Promise<Failure> => ({ reason: 'conflict', message: 'x' });
    const report = await runTestWith(parts({ store: drawer('report.json').store, manager: { install } }), request);
    expect(report.verdict).toBe('failed');
  });

  it('is cancelled in the middle of a command, and the environment goes all the same', async () => {
    const controller = new AbortController();
    const exec: Environment['exec'] = (_, options) =>
      new Promise((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        controller.abort(new Error('enough'));
      });
    const { runner, left } = shelf({ exec });
    const report = await runTestWith(parts({ runner }), request, { signal: controller.signal });
    expect(report.verdict).toBe('cancelled');
    expect(statuses(report)).toMatchObject({
      install_package: 'cancelled',
      package_integrity_tests: 'skipped',
      stop_environment: 'passed',
    });
    expect(left.size).toBe(0);
  });

  it('does not wait for a runner that takes too long, and removes what arrives late', async () => {
    const { runner, left } = shelf();
    const arrived = Promise.withResolvers<void>();
    const slow: Runner = {
      ...runner,
      async provision(spec, context) {
        await new Promise((resolve) => context.signal?.addEventListener('abort', resolve));
        arrived.resolve();
        return runner.provision(spec, context);
      },
    };
    const report = await runTestWith(parts({ runner: slow }), { ...request, timeoutsMs: { start_environment: 20 } });
    await arrived.promise;
    expect(report).toMatchObject({
      verdict: 'error',
      error: { code: 'time_limit', message: expect.stringContaining('start_environment') },
    });
    expect(statuses(report)).toMatchObject({ stop_environment: 'skipped' });
    expect(left.size).toBe(0);
  });

  it('fails on a finding of severity error, and on no other', async () => {
    const checker = (severity: 'error' | 'warning') =>
      ({
        ...needsInstalled,
        check: () => [{ checker: 'quiet', rule: 'r', severity, subject: '/x', message: 'is bad' }],
      }) as const;
    expect((await runTestWith(parts({ checkers: [checker('warning')] }), request)).verdict).toBe('passed');
    const report = await runTestWith(parts({ checkers: [checker('error')] }), request);
    expect(report.verdict).toBe('failed');
    expect(report.findings).toHaveLength(1);
  });

  it('removes the package, whichever checkers there are', async () => {
    const report = await runTestWith(parts({ checkers: [] }), request);
    expect(report.verdict).toBe('passed');
    expect(statuses(report)).toMatchObject({ uninstall_package: 'passed' });
  });

  it('is an error when a checker breaks: that is not the package', async () => {
    const broken = {
      ...needsInstalled,
      check: () => {
        throw new Error('oops');
      },
    } as const;
    expect(await runTestWith(parts({ checkers: [broken] }), request)).toMatchObject({
      verdict: 'error',
      error: { code: 'internal' },
    });
  });

  it('leaves the environment when asked to keep it, and says so', async () => {
    const { runner, left } = shelf();
    const report = await runTestWith(parts({ runner }), request, { keep: true });
    expect(statuses(report)['stop_environment']).toBe('skipped');
    expect([...left]).toEqual(['e1']);
  });

  it.each([
    ['no such distribution', { ...request, system: 'nosuch:1' }],
    ['a family that cannot be tested', { ...request, system: 'almalinux:9' }],
    ['a file that is not there', { ...request, package: { file: '/no/such.deb' } }],
    ['a file of another family', { ...request, package: { file: '/etc/x.rpm' } }],
    ['not a request', 17],
  ])('is refused before anything starts: %s', async (_, wrong) => {
    const { runner, left } = shelf();
    let asked = false;
    const provision: Runner['provision'] = (...args) => {
      asked = true;
      return runner.provision(...args);
    };
    await expect(runTestWith(parts({ runner: { ...runner, provision } }), wrong)).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(asked).toBe(false);
    expect(left.size).toBe(0);
  });
});
