import {
  ARCHITECTURE_ALIASES,
  Architecture,
  PackageSpec,
  Repository,
  SuiteSpec,
  System,
  TestRequest,
} from '@alts/sdk/plugin';
import { type JsonSchema, namedInput, namedOutput } from './json-schema.ts';

/* Schemas of the SDK by the names that the document has for them; what is not named here stands where it is used. */

/** What may be written in one line, too; `pattern` is what such a line is at least. */
const orLine = (description: string, pattern: string) => (json: JsonSchema) => ({
  anyOf: [{ type: 'string', pattern, description }, json],
});

namedInput(Architecture, {
  id: 'Architecture',
  description: 'As `uname -m` says it, or under another usual name.',
  written: (json) => ({ ...json, enum: [...(json['enum'] as string[]), ...Object.keys(ARCHITECTURE_ALIASES)] }),
});
namedInput(System, {
  id: 'System',
  written: orLine('<distribution>:<version>[/<architecture>]', '^[^:/]*:[^:/]*(/[^:/]*)?$'),
  examples: ['debian:12', { distribution: 'almalinux', version: '9', architecture: 'x86_64' }],
});
namedInput(PackageSpec, {
  id: 'Package',
  description: 'By name, or at a URL. The path of a file is refused: a worker has no files of yours.',
  examples: [{ name: 'hello' }, { name: 'hello', version: '2.10-3' }],
});
namedInput(Repository, {
  id: 'Repository',
  description: 'A line of sources.list(5), or field by field.',
  examples: ['deb [trusted=yes] https://repo.example/debian bookworm main'],
});
namedInput(SuiteSpec, {
  id: 'Suite',
  description: 'Third-party tests. A path of your machine is refused: a worker has no files of yours.',
  written: orLine('<repository>.git/<dir>#<ref>, or the URL of a tarball', '.'),
  examples: ['https://git.example/qa/tests.git/hello#main'],
});
export const WrittenRequest = namedInput(TestRequest, {
  id: 'TestRequest',
  description: 'What to test, on which system, and how: as `runTest()` takes it.',
  examples: [{ package: { name: 'hello' }, system: 'debian:12' }],
});
export const CheckedRequest = namedOutput(TestRequest, {
  id: 'CheckedRequest',
  description: 'A request as it was understood: defaults and all.',
});
