import { resolve } from 'node:path';
import { REPORT_FORMATS, type ReportFormat } from '@alts/sdk';
import { AltsError } from '@alts/sdk/plugin';

/** A report that goes to a file. */
export interface ReportFile {
  readonly format: ReportFormat;
  /** As written on the command line. */
  readonly path: string;
}

/** Which documents are asked for, and where each goes. */
export interface ReportOutputs {
  /** Undefined when stdout belongs to people. */
  readonly stdout: ReportFormat | undefined;
  readonly files: readonly ReportFile[];
}

const STDOUT = '-';
const refuse = (message: string): AltsError => new AltsError('invalid_request', message);

function isReportFormat(text: string): text is ReportFormat {
  return REPORT_FORMATS.some((format) => format === text);
}

/**
 * What `--format` and `--report` ask for. `--report <format>=-` is the same as `--format <format>`: two documents on
 * one stream are refused.
 * @throws {AltsError} `invalid_request`
 */
export function parseReportOutputs(format: string | undefined, reports: readonly string[] = []): ReportOutputs {
  const first = parseFormat(format);
  const wanted = reports.map(parseReport);
  const toStdout = wanted.filter(({ path }) => path === STDOUT).map((report) => report.format);
  const [stdout, another] = first === undefined ? toStdout : [first, ...toStdout];
  if (stdout !== undefined && another !== undefined) {
    throw refuse(`--report: ${stdout} and ${another} cannot both go to stdout; name a file for one of them`);
  }
  const files = wanted.filter(({ path }) => path !== STDOUT);
  const taken = new Set<string>();
  for (const { path } of files) {
    if (taken.has(resolve(path))) throw refuse(`--report: ${JSON.stringify(path)} is given twice`);
    taken.add(resolve(path));
  }
  return { stdout, files };
}

function parseFormat(text: string | undefined): ReportFormat | undefined {
  if (text === undefined || text === 'pretty') return undefined;
  if (isReportFormat(text)) return text;
  throw refuse(`--format: ${JSON.stringify(text)} is not one of pretty, ${REPORT_FORMATS.join(', ')}`);
}

function parseReport(text: string): ReportFile {
  const separator = text.indexOf('=');
  const format = text.slice(0, Math.max(0, separator));
  const path = text.slice(separator + 1);
  if (separator < 1 || path === '') {
    throw refuse(`--report: ${JSON.stringify(text)} is not <format>=<path>, such as html=report.html`);
  }
  if (isReportFormat(format)) return { format, path };
  throw refuse(`--report: ${JSON.stringify(format)} is not one of ${REPORT_FORMATS.join(', ')}`);
}
