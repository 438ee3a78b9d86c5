import { describe, expect, it } from 'vitest';
import { parseRequest } from '../contracts/request.ts';
import { assertLocalPaths } from './local-paths.ts';

const check = (fields: object) =>
  assertLocalPaths(parseRequest({ package: { name: 'hello' }, system: 'debian:12', ...fields }));
const ownFile = import.meta.filename;

describe('what a request names on this machine', () => {
  it.each([
    [{ package: { file: '/no/such.deb' } }, 'package.file: cannot read "/no/such.deb" (ENOENT)'],
    [{ tests: ['/no/such'] }, 'tests[0].directory: cannot read "/no/such" (ENOENT)'],
    [{ tests: ['/etc', '/no/x.tar.gz'] }, 'tests[1].tarball: cannot read "/no/x.tar.gz" (ENOENT)'],
    [
      { tests: [{ directory: ownFile }] },
      `tests[0].directory: "${ownFile}" is not a directory but a file: name its directory, and the file in "only"`,
    ],
  ])('%j is refused before anything starts', async (fields, message) => {
    await expect(check(fields)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message),
    });
  });

  it('may be on a server: then only the test can tell', async () => {
    await check({ tests: ['https://mirror.example/x.git/tests', 'https://mirror.example/x.tar.gz'] });
  });
});
