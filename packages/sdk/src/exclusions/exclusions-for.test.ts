import { describe, expect, it } from 'vitest';
import { exclusionsFor } from './exclusions-for.ts';
import { parseExclusions } from './parse-exclusions.ts';

const DOCUMENT = {
  'almalinux-8': {
    libxml2: ['run_package_integrity_tests'],
    curl: ['run_package_integrity_tests', 'uninstall_package'],
  },
  'almalinux-10-kitten': { kernel: ['install_package', 'run_package_integrity_tests', 'uninstall_package'] },
  'ubuntu-24.04': { bzip2: ['run_third_party_tests'], b: ['run_third_party_tests', 'run_system_info_commands'] },
};
const document = parseExclusions(JSON.stringify(DOCUMENT), 'doc.json');

function excluded(distribution: string, version: string, packageName: string) {
  return exclusionsFor(document, { distribution, version, packageName }, 'doc.json');
}
const stages = (...subject: Parameters<typeof excluded>) => excluded(...subject).exclusions.map(({ stage }) => stage);

describe('an exclusion document', () => {
  it.each<[Parameters<typeof excluded>, string[]]>([
    [
      ['almalinux', '8', 'curl'],
      ['package_integrity_tests', 'uninstall_package'],
    ],
    [
      ['almalinux', '8', 'curl-minimal'],
      ['package_integrity_tests', 'uninstall_package'],
    ],
    [['almalinux', '8', 'libcurl'], []],
    [['almalinux', '8', 'Curl'], []],
    [['almalinux', '8.10', 'curl'], []],
    [['almalinux', '9', 'curl'], []],
    [['almalinux', '10', 'kernel'], []],
    [
      ['almalinux', '10-kitten', 'kernel-core'],
      ['install_package', 'package_integrity_tests', 'uninstall_package'],
    ],
    [['ubuntu', '24.04', 'bzip2'], ['third_party_tests']],
  ])('of %j excludes %j', (subject, expected) => {
    expect(stages(...subject)).toEqual(expected);
  });

  it('is named in the reason, with the key that fitted', () => {
    expect(excluded('almalinux', '8', 'curl-minimal').exclusions[1]?.reason).toBe(
      'doc.json excludes "curl" of almalinux-8 from uninstall_package',
    );
  });

  it('may name a step that is not known: it is said, and the others count', () => {
    const { exclusions, unknown } = excluded('ubuntu', '24.04', 'bash');
    expect(exclusions.map(({ stage }) => stage)).toEqual(['third_party_tests']);
    expect(unknown).toEqual([
      '"run_system_info_commands", which it names for "b" of ubuntu-24.04, is no step that can be skipped',
    ]);
  });

  it.each([
    ['{"a-1": [', 'is not JSON'],
    ['[]', '(got [])'],
    ['{"almalinux-8": ["curl"]}', 'almalinux-8: '],
    [
      '{"almalinux-8": {"curl": "uninstall_package"}}',
      'almalinux-8.curl: must be a list of steps (got "uninstall_package")',
    ],
    ['{"almalinux-8": {"curl": [1]}}', 'almalinux-8.curl.0: '],
    ['{"almalinux-8": {"": ["uninstall_package"]}}', 'almalinux-8: has an empty name'],
  ])('%s is none', (text, words) => {
    expect(() => parseExclusions(text, 'doc.json')).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('exclusions doc.json: ') }),
    );
    expect(() => parseExclusions(text, 'doc.json')).toThrow(words);
  });
});
