import { knownFamily } from '../contracts/distributions.ts';
import { AltsError } from '../contracts/errors.ts';
import { stepName } from '../contracts/lifecycle.ts';
import type { StageResult, TestReport } from '../contracts/report.ts';
import { TestReport as ReportSchema } from '../contracts/report.ts';
import { describeZodError, type PackageSpec, type TestRequest } from '../contracts/request.ts';
import type { Family } from '../contracts/system.ts';

const refuse = (message: string): AltsError => new AltsError('invalid_request', `baseline: ${message}`);

function parseReference(input: unknown): TestReport {
  const version = (input as { schemaVersion?: unknown } | null | undefined)?.schemaVersion;
  if (version !== 1) {
    const said = version === undefined ? 'it has no schemaVersion' : `its schemaVersion is ${JSON.stringify(version)}`;
    throw refuse(`is not a report of a version that this one reads (1): ${said}`);
  }
  const parsed = ReportSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [first] = describeZodError(parsed.error, input).split('; ');
  throw refuse(`is not a report: ${first}`);
}

function describeEnd(stage: StageResult | undefined): string {
  if (!stage) return 'nothing was checked';
  const why = { failed: 'failure' in stage && stage.failure.message, error: 'error' in stage && stage.error.message };
  const said = stage.status === 'failed' || stage.status === 'error' ? why[stage.status] : stage.status;
  return `${stage.name}: ${said}`;
}

/** Why a report cannot be a reference at all: its test did not come as far as the checks. */
export function notChecked(report: TestReport): string | undefined {
  const checks = report.stages.find(({ name }) => name === 'package_integrity_tests');
  if (checks?.status === 'passed' || (checks?.status === 'failed' && checks.failure.reason === 'findings')) return;
  const ended = report.stages.find(({ status }) => status !== 'passed' && status !== 'skipped');
  return `the package was not checked in it: ${describeEnd(ended)}`;
}

/** Why a report says nothing about this package; what is not known yet is not compared. */
export function notComparable(
  report: TestReport,
  now: { readonly name?: string | undefined; readonly family?: Family | undefined },
): string | undefined {
  const { name } = report.package;
  if (now.name !== undefined && name !== now.name) return `it is of the package ${name}, and ${now.name} is tested`;
  const { family } = report.system;
  if (now.family && family && family !== now.family) return `it is of ${family} packages, and ${now.family} is tested`;
  return undefined;
}

/**
 * Reads the report that a test is to be compared with.
 * @throws {AltsError} `invalid_request` when it is no report, one of another schema version, of another package or family,
 *   one in which nothing was checked, or when the request names a version to compare with, too
 */
export function parseBaseline(input: unknown, request: TestRequest): TestReport {
  if (request.baseline) throw refuse('give a version in the request, or a report in the options, not both');
  const report = parseReference(input);
  const name = 'name' in request.package ? request.package.name : undefined;
  const family = knownFamily(request.system.distribution);
  const problem = notChecked(report) ?? notComparable(report, { name, family });
  if (problem !== undefined) throw refuse(`cannot be compared with: ${problem}`);
  return report;
}

/** The name of a package, from the conventional name of its file: `<name>_<version>…` or `<name>-<version>-<release>…`. */
function nameOfFile(fileName: string): string | undefined {
  return /^([^_]+)_.+\.deb$/.exec(fileName)?.[1] ?? /^(.+)-[^-]+-[^-]+\.rpm$/.exec(fileName)?.[1];
}

/**
 * The request that tests the reference: the same but for the version, without waivers and skip rules, so that it sees all; only its
 * findings are compared, so that no test suite is run. An upgrade
 * goes from whatever is older than the reference, which may itself be the version that the test's own upgrade goes from.
 * @param fileName of a package that is not named
 * @throws {AltsError} `invalid_request` when nobody can know what the package is called
 */
export function referenceRequest(request: TestRequest, fileName: string): TestRequest | undefined {
  const { baseline, taskId, ...rest } = request;
  if (!baseline) return undefined;
  const spec: PackageSpec = request.package;
  const name = baseline.name ?? ('name' in spec ? spec.name : nameOfFile(fileName));
  if (name === undefined) {
    throw refuse(`give its name, too: "${fileName}" does not say what the package is called`);
  }
  // The longest id is 128 characters.
  const own = taskId === undefined ? {} : { taskId: `${taskId.slice(0, 119)}-baseline` };
  const lifecycle = rest.lifecycle.map(stepName);
  return { ...rest, ...own, package: { name, version: baseline.version }, lifecycle, waivers: [], skip: [], tests: [] };
}

/** The error of a test whose reference was tested and cannot be compared with; undefined when it can. */
export function unusableReference(report: TestReport): AltsError | undefined {
  const problem = notChecked(report);
  if (problem === undefined) return undefined;
  const { version } = report.request.package;
  const message = `the baseline ${report.package.name} ${version ?? ''} could not be tested: ${problem}`;
  return new AltsError(report.error?.code ?? 'baseline_unusable', message);
}
