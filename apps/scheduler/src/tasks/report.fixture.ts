import { Readable } from 'node:stream';
import { parseRequest, type ResultStore, type TestReport } from '@alts/sdk';

/** A report of a test that passed and did next to nothing, but for what is said. */
export function reportOf(taskId: string, own: Partial<TestReport> = {}): TestReport {
  const ran = { startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1 };
  return {
    schemaVersion: 1,
    taskId,
    verdict: 'passed',
    request: parseRequest({ taskId, package: { name: 'hello' }, system: 'debian:12' }),
    system: {
      distribution: 'debian',
      version: '12',
      architecture: 'x86_64',
      family: 'deb',
      name: null,
      kernel: null,
    },
    runner: { type: 'docker', environment: null, image: null },
    package: { name: 'hello', version: '1', architecture: null, origin: null, sha256: null },
    ...ran,
    stages: [{ name: 'install_package', status: 'passed', log: 'install_package.log', ...ran }],
    findings: [],
    suites: [],
    artifacts: [],
    ...own,
  };
}

/** Puts what is given where the report of a task is looked for. */
export async function storeReport(store: ResultStore, taskId: string, report: object | string): Promise<void> {
  const text = typeof report === 'string' ? report : JSON.stringify(report);
  await store.put({ taskId, name: 'report.json' }, Readable.from([Buffer.from(text)]));
}
