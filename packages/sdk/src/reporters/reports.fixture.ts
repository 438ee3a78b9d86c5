import type { ReportedFinding, StageResult, TestReport } from '../contracts/report.ts';
import { TestRequest } from '../contracts/request.ts';
import { STAGES, type StageName } from '../contracts/stages.ts';

const startedAt = '2026-01-02T03:04:05.678Z';
const ran = (name: StageName, durationMs = 1200) => ({ name, startedAt, durationMs, log: `${name}.log` });

/** All stages: those given as given, the others passed up to the first that did not, skipped after it. */
function stages(...given: StageResult[]): StageResult[] {
  let ended: StageResult | undefined;
  return STAGES.map((name): StageResult => {
    const own = given.find((stage) => stage.name === name);
    if (own) {
      if (own.status !== 'skipped') ended = own;
      return own;
    }
    if (!ended || name === 'stop_environment') return { ...ran(name), status: 'passed' };
    return { ...ran(name, 0), status: 'skipped', reason: `${ended.name} ended with "${ended.status}"` };
  });
}

export const PASSED_REPORT: TestReport = {
  schemaVersion: 1,
  taskId: 'task-passed',
  verdict: 'passed',
  request: TestRequest.parse({ taskId: 'task-passed', package: { name: 'hello' }, system: 'debian:12' }),
  system: {
    distribution: 'debian',
    version: '12',
    architecture: 'x86_64',
    family: 'deb',
    name: 'Debian GNU/Linux 12 (bookworm)',
    kernel: '6.1.0',
  },
  runner: { type: 'docker', environment: 'abc', image: { name: 'debian:12', digest: 'sha256:123' } },
  package: { name: 'hello', version: '2.10-3', architecture: 'amd64', origin: 'http://mirror.example', sha256: null },
  startedAt,
  durationMs: 9345,
  stages: stages({ ...ran('third_party_tests', 0), status: 'skipped', reason: 'no test suites in the request' }),
  findings: [],
  suites: [],
  artifacts: [],
};

/** A hostile package: escapes in its output, a markup in its file names. */
export const SCRIPT_FAILED_REPORT: TestReport = {
  ...PASSED_REPORT,
  taskId: 'task-script',
  verdict: 'failed',
  stages: stages({
    ...ran('install_package', 61_000),
    status: 'failed',
    exitCode: 100,
    failure: {
      reason: 'script_failed',
      message: 'the postinst of hello failed',
      command: ['apt-get', 'install', '-y', 'hello'],
      exitCode: 100,
      output: 'Setting up hello\n\x1b[2J\x1b]0;owned\x07<b>"all is well"</b> & ]]>\rpostinst: exit 1\u202e\ufffe\n',
    },
  }),
};

const finding = (
  own: Pick<ReportedFinding, 'rule' | 'severity' | 'subject' | 'message'> & Partial<ReportedFinding>,
): ReportedFinding => ({
  checker: 'files',
  stage: 'package_integrity_tests',
  status: 'new',
  ...own,
});

export const FINDINGS_REPORT: TestReport = {
  ...PASSED_REPORT,
  taskId: 'task-findings',
  verdict: 'failed',
  request: TestRequest.parse({ ...PASSED_REPORT.request, taskId: 'task-findings', system: 'debian:13/amd64' }),
  system: { ...PASSED_REPORT.system, version: '13' },
  stages: stages({
    ...ran('package_integrity_tests', 400),
    status: 'failed',
    failure: { reason: 'findings', message: '/usr/bin/hello: is missing' },
  }),
  findings: [
    finding({ rule: 'odd', severity: 'info', subject: '/etc/x\n/etc/y', message: 'has an odd name' }),
    finding({ rule: 'missing', severity: 'error', subject: '/usr/bin/hello', message: 'is missing' }),
  ],
};

/** Findings that decide nothing, for one reason each; one that the baseline had is gone. */
export const WAIVED_REPORT: TestReport = {
  ...PASSED_REPORT,
  taskId: 'task-waived',
  findings: [
    finding({
      rule: 'broken-link',
      severity: 'error',
      subject: '/usr/lib/a',
      message: 'is a broken link',
      status: 'waived',
      waiver: { reason: 'the target comes\nwith the kernel', expires: '2026-12-31' },
    }),
    finding({ rule: 'missing', severity: 'error', subject: '/usr/bin/b', message: 'is missing', status: 'known' }),
    finding({
      checker: 'waivers',
      rule: 'unused-waiver',
      severity: 'warning',
      subject: 'files/odd',
      message: 'nothing was found that this waiver is about',
      stage: 'stop_environment',
    }),
  ],
  baseline: {
    taskId: 'task-old',
    package: { ...PASSED_REPORT.package, version: '2.9-1' },
    startedAt,
    fixed: [
      {
        checker: 'files',
        rule: 'missing',
        severity: 'error',
        subject: '/usr/bin/c',
        message: 'is missing',
        stage: 'package_integrity_tests',
      },
    ],
  },
};

export const ERROR_REPORT: TestReport = {
  ...PASSED_REPORT,
  taskId: 'task-error',
  verdict: 'error',
  error: { code: 'runner_unavailable', message: 'no Docker engine answers', causes: ['connect ENOENT'] },
  package: { name: 'hello', version: null, architecture: null, origin: null, sha256: null },
  runner: { type: 'docker', environment: null, image: null },
  durationMs: 20,
  stages: stages({
    ...ran('start_environment', 10),
    status: 'error',
    error: { code: 'runner_unavailable', message: 'no Docker engine answers', causes: ['connect ENOENT'] },
  }),
};

/** All stages passed, and the report could not be stored. */
export const NOT_STORED_REPORT: TestReport = {
  ...PASSED_REPORT,
  taskId: 'task-not-stored',
  verdict: 'error',
  error: { code: 'disk_full', message: 'no space left for report.json' },
};

export const CANCELLED_REPORT: TestReport = {
  ...PASSED_REPORT,
  taskId: 'task-cancelled',
  verdict: 'cancelled',
  stages: stages({ ...ran('install_package'), status: 'cancelled' }),
};

/** Third-party tests of every end; what they call themselves is not to be trusted. */
export const SUITES_REPORT: TestReport = {
  ...PASSED_REPORT,
  taskId: 'task-suites',
  verdict: 'failed',
  stages: stages({
    ...ran('third_party_tests', 3000),
    status: 'failed',
    failure: { reason: 'tests_failed', message: '1 of 5 tests does not pass: 20_bad.bats (failed)' },
  }),
  suites: [
    {
      source: 'https://git.example/tests.git',
      commit: 'a'.repeat(40),
      directory: '/tests/tests/hello',
      format: 'scripts',
      tools: ['bats 1.8.2-1'],
      notes: ['notes.md is no test'],
      tests: [
        {
          ...{ name: '0_init.sh', kind: 'shell', status: 'failed', reason: 'exit 4', optional: true },
          ...{ durationMs: 10, attempts: 1, exitCode: 4, log: 'test-1-01-0_init.sh.log', cases: [] },
        },
        {
          ...{ name: '20_bad.bats', kind: 'bats', status: 'failed', durationMs: 1500, attempts: 1, exitCode: 1 },
          log: 'test-1-02-20_bad.bats.log',
          cases: [
            { name: 'one and one', status: 'failed', diagnostics: 'not 3\n\x1b[2J]]><b>' },
            { name: 'later # \x1b[2J<b>', status: 'todo', reason: 'not written' },
            { name: 'goes on', status: 'passed' },
          ],
          casesOmitted: 2,
        },
        {
          ...{ name: '30_flaky.sh', kind: 'shell', status: 'flaky', reason: 'failed at first, passed at attempt 2' },
          ...{ durationMs: 20, attempts: 2, exitCode: 0, log: 'test-1-03-30_flaky.sh.log', cases: [] },
        },
        {
          ...{ name: '40_machine', kind: 'shell', status: 'skipped', reason: 'it wants a restart' },
          ...{ durationMs: 0, attempts: 0, cases: [] },
        },
        {
          ...{ name: '50_good.py', kind: 'python', status: 'passed', durationMs: 30, attempts: 1, exitCode: 0 },
          ...{ log: 'test-1-05-50_good.py.log', cases: [] },
        },
      ],
    },
  ],
};
