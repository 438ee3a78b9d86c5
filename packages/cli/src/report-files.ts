import { constants } from 'node:fs';
import { access, open, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ArtifactReader, REPORTERS, type TestReport } from '@alts/sdk';
import { AltsError } from '@alts/sdk/plugin';
import { makeDirectory } from './output-directory.ts';
import type { ReportFile } from './report-outputs.ts';

/**
 * Makes the directories that reports go to, and finds out whether each can be written: before a test of an hour, not
 * after it. What is there already is left as it is.
 * @throws {AltsError} `invalid_request`
 */
export async function prepareReportFiles(files: readonly ReportFile[]): Promise<void> {
  for (const file of files) {
    try {
      await prepare(resolve(file.path));
    } catch (cause) {
      throw failure('invalid_request', file, cause);
    }
  }
}

/**
 * Writes each report, whatever the verdicts are; one that cannot be written does not keep the others from it.
 * @throws {AltsError} `store_unavailable` for the first that could not be written
 */
export async function writeReportFiles(
  files: readonly ReportFile[],
  reports: readonly TestReport[],
  artifacts: ArtifactReader,
): Promise<void> {
  const failures: AltsError[] = [];
  for (const file of files) {
    const document = await REPORTERS[file.format](reports, artifacts);
    try {
      await writeFile(file.path, document);
    } catch (cause) {
      failures.push(failure('store_unavailable', file, cause));
    }
  }
  if (failures[0]) throw failures[0];
}

async function prepare(path: string): Promise<void> {
  await makeDirectory(dirname(path));
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found?.isDirectory()) throw new Error('it is a directory');
  if (found) return access(path, constants.W_OK);
  // Only making it shows that it can be made; an empty report must not stay behind if no test comes to its end.
  await (await open(path, 'wx')).close();
  await rm(path);
}

function failure(code: 'invalid_request' | 'store_unavailable', { path }: ReportFile, cause: unknown): AltsError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AltsError(code, `--report: cannot write ${JSON.stringify(path)}: ${why}`, { cause });
}
