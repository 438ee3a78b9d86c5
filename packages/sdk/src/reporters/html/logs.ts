import type { TestReport } from '../../contracts/report.ts';
import type { ArtifactReader, ArtifactTail } from '../reporter.ts';

/** How much of the end of one log is in the page. */
const MAX_LOG = 256 * 1024;
/** How much of all logs together: a page of a hundred systems must still open. */
const MAX_ALL = 16 * 1024 * 1024;

/** The ends of the logs of a test, by the names of their artifacts; one that was not kept is not in it. */
export type Logs = ReadonlyMap<string, ArtifactTail>;

/** Reads what the page shows of the logs, for each report. */
export async function readLogs(reports: readonly TestReport[], artifacts: ArtifactReader): Promise<Logs[]> {
  const kept = reports.map(({ taskId, stages, suites, artifacts: refs }) => {
    const names = new Set(refs.map(({ name }) => name));
    const tests = suites.flatMap((suite) => suite.tests);
    return [...stages, ...tests].flatMap(({ log }) => (log && names.has(log) ? [{ taskId, name: log }] : []));
  });
  const limit = Math.min(MAX_LOG, Math.floor(MAX_ALL / Math.max(1, kept.flat().length)));
  const all: Logs[] = [];
  for (const logs of kept) {
    const read = new Map<string, ArtifactTail>();
    for (const key of logs) read.set(key.name, await artifacts.tail(key, limit));
    all.push(read);
  }
  return all;
}
