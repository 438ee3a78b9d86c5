import { stat } from 'node:fs/promises';
import { AltsError } from '../contracts/errors.ts';
import type { TestRequest } from '../contracts/request.ts';
import type { SuiteSpec } from '../contracts/suite.ts';

/**
 * Checks what a request names on this machine, before anything starts.
 * @throws {AltsError} `invalid_request` when it is not there, cannot be read, or is not what it should be
 */
export async function assertLocalPaths({ package: source, tests }: Pick<TestRequest, 'package' | 'tests'>) {
  if ('file' in source) await assertFile('package.file', source.file);
  for (const [index, suite] of tests.entries()) await assertSuite(`tests[${index}]`, suite);
}

async function assertSuite(field: string, suite: SuiteSpec): Promise<void> {
  if ('tarball' in suite && !/^https?:\/\//.test(suite.tarball)) await assertFile(`${field}.tarball`, suite.tarball);
  if (!('directory' in suite)) return;
  const found = await look(`${field}.directory`, suite.directory);
  if (found.isDirectory()) return;
  const hint = found.isFile() ? ' but a file: name its directory, and the file in "only"' : '';
  throw wrong(`${field}.directory`, `"${suite.directory}" is not a directory${hint}`);
}

async function assertFile(field: string, path: string): Promise<void> {
  if (!(await look(field, path)).isFile()) throw wrong(field, `"${path}" is not a file`);
}

async function look(field: string, path: string) {
  try {
    return await stat(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(field, `cannot read "${path}" (${code ?? message})`);
  }
}

function wrong(field: string, problem: string): AltsError {
  return new AltsError('invalid_request', `${field}: ${problem}`);
}
