import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import {
  artifactReader,
  checkRequest,
  type Exclusions,
  formatSystem,
  REPORTERS,
  type ResultStore,
  runTest,
  safeLine,
  type TestEvent,
  type TestReport,
  type TestRequest,
} from '@alts/sdk';
import { reapInBackground } from './background-reaping.ts';
import type { TestCommandOptions } from './commands/test.ts';
import { type Composition, compose } from './container.ts';
import { type Display, openDisplay } from './display.ts';
import { exitCodeOf } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';
import { makeOutputDirectory } from './output-directory.ts';
import { closingLines } from './print-result.ts';
import { readBaselines } from './read-baseline.ts';
import { prepareReportFiles, writeReportFiles } from './report-files.ts';
import { parseReportOutputs, type ReportOutputs } from './report-outputs.ts';
import { sideBySide } from './side-by-side.ts';
import { readConfiguration } from './test-configuration.ts';
import { parseJobs, testRequests } from './test-requests.ts';

/**
 * `alts test`: checks everything first, then runs a test for each system.
 * @returns the exit code
 * @throws {AltsError} for a command line or a request that is wrong, before anything starts
 */
export async function runTests(target: string, options: TestCommandOptions): Promise<number> {
  // Once without the file: what is wrong with the command line itself is said before any file is read.
  const { length } = testRequests(target, options);
  const outputs = parseReportOutputs(options.format, options.report);
  const jobs = parseJobs(options.jobs, length, availableParallelism());
  const composition = await compose(options);
  const { fields, exclusions } = await readConfiguration(options.config, composition.checkers);
  const requests = testRequests(target, options, fields);
  const baselines = await readBaselines(options.baseline, requests);
  for (const request of requests) {
    await checkRequest(request, { ...composition, baseline: baselines.get(request), exclusions });
  }
  await makeOutputDirectory(options.output);
  await prepareReportFiles(outputs.files);

  const display = openDisplay(outputs.stdout === undefined ? process.stdout : process.stderr);
  using interrupt = interruptible(() => display.note('interrupted: cleaning up; once more to leave now'));
  const reaping = reapInBackground(composition.runner, (line) => display.note(line));
  const { progress } = display;
  progress.line(`testing ${safeLine(target)} with ${composition.runner.name}`);
  let reports: TestReport[];
  try {
    const keep = options.keep ?? false;
    reports = await testAll(requests, composition, { jobs, keep, baselines, exclusions, display, interrupt });
    await reaping.finish();
  } finally {
    progress.close();
  }
  await show(reports, { outputs, display, store: composition.store });
  return exitCodeOf(reports.map(({ verdict }) => verdict));
}

interface Showing {
  readonly outputs: ReportOutputs;
  readonly display: Display;
  readonly store: ResultStore;
}

/** The end for people, then what machines asked for. */
async function show(reports: readonly TestReport[], { outputs, display, store }: Showing): Promise<void> {
  const { palette, progress } = display;
  const locate = (taskId: string): string => shortPath(store.locate?.(taskId) ?? taskId);
  for (const line of closingLines(reports, { palette, locate })) progress.line(line);
  const artifacts = artifactReader(store);
  if (outputs.stdout) process.stdout.write(await REPORTERS[outputs.stdout](reports, artifacts));
  await writeReportFiles(outputs.files, reports, artifacts);
  for (const { format, path } of outputs.files) progress.line(`  ${format}: ${safeLine(path)}`);
}

interface Running {
  readonly jobs: number;
  readonly keep: boolean;
  readonly baselines: ReadonlyMap<TestRequest, TestReport>;
  readonly exclusions: Exclusions | undefined;
  readonly display: Display;
  readonly interrupt: ReturnType<typeof interruptible>;
}

/** Tests that wait for their turn when Ctrl-C comes are run too: into a report that says `cancelled`. */
async function testAll(
  requests: readonly TestRequest[],
  { container }: Composition,
  { jobs, keep, baselines, exclusions, display, interrupt }: Running,
): Promise<TestReport[]> {
  const broken = new AbortController();
  const signal = AbortSignal.any([interrupt.signal, broken.signal]);
  const test = (request: TestRequest): Promise<TestReport> => {
    const label = requests.length > 1 ? formatSystem(request.system) : '';
    const onEvent = (event: TestEvent): void => {
      display.progress.event(label, event);
      if (keep && isKeepNotice(event)) display.note(safeLine(event.text));
    };
    const onBaselineEvent = (event: TestEvent): void => display.progress.event(`${label} baseline`.trimStart(), event);
    const baseline = baselines.get(request);
    return runTest(request, { container, signal, keep, baseline, exclusions, onEvent, onBaselineEvent });
  };
  return sideBySide(requests, jobs, test, () => broken.abort(new Error('another test could not be run')));
}

/** The engine says in this stage how to enter and remove what was kept; what starts with its name is its outcome. */
function isKeepNotice(event: TestEvent): event is TestEvent & { type: 'output' } {
  return (
    event.type === 'output' &&
    event.stage === 'stop_environment' &&
    event.stream === 'notice' &&
    !event.text.startsWith(event.stage)
  );
}

/** From here, where that is shorter to read. */
function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' || fromHere.startsWith('..') ? path : fromHere;
}
