import { parseRequest } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { TaskPayload } from './task-payload.ts';
import { toRequest } from './to-request.ts';

const least = { dist_name: 'almalinux', dist_version: '9', dist_arch: 'x86_64', package_name: 'hello' };
const requestOf = (payload: object) => parseRequest(toRequest(TaskPayload.parse({ ...least, ...payload })));

describe('a task of the Python system', () => {
  it('may have null wherever a field may be left out', () => {
    const nulls = {
      bs_task_id: null,
      runner_type: null,
      package_version: null,
      package_epoch: null,
      callback_href: null,
      repositories: null,
      module_name: null,
      module_stream: null,
      module_version: null,
      test_configuration: null,
      test_flavor: null,
      package_channel: null,
      verbose: null,
    };
    expect(TaskPayload.parse({ ...least, ...nulls })).toEqual(TaskPayload.parse(least));
    expect(requestOf({ test_configuration: { tests: null, test_env: null } })).toEqual(requestOf({}));
  });

  it('names package, epoch, system and module', () => {
    const module = { module_name: 'ruby', module_stream: '3.1', module_version: '8100020250904071500' };
    const version = { package_version: '3.1.7-145.module_el8.10.0+4012+c4a9b3d1', package_epoch: 1 };
    expect(requestOf({ ...version, ...module, dist_version: 8, dist_arch: 'i586' })).toMatchObject({
      package: { name: 'hello', version: '1:3.1.7-145.module_el8.10.0+4012+c4a9b3d1' },
      system: { distribution: 'almalinux', version: '8', architecture: 'i686' },
      module: { name: 'ruby', stream: '3.1', version: '8100020250904071500' },
    });
    expect(requestOf({ dist_version: '10-kitten', dist_arch: 'x86_64_v2' }).system).toEqual({
      distribution: 'almalinux',
      version: '10-kitten',
      architecture: 'x86_64_v2',
    });
  });

  it('has repositories of rpm with or without a name, none of them signed', () => {
    const repositories = [
      { name: 'AlmaLinux-9-x86_64-50211-br', baseurl: 'https://build.example/br/' },
      { name: null, baseurl: 'https://repo.example/8/' },
      { name: '-my repo', url: 'https://repo.example/9/' },
    ];
    expect(requestOf({ repositories }).repositories).toEqual([
      { name: 'AlmaLinux-9-x86_64-50211-br', url: 'https://build.example/br/', trusted: true },
      { name: 'repo-1', url: 'https://repo.example/8/', trusted: true },
      { name: 'my_repo', url: 'https://repo.example/9/', trusted: true },
    ]);
  });

  it('has repositories of deb as lines', () => {
    const lines = [
      'deb http://a.example/d 12 main',
      'deb [arch=amd64] http://a.example/d ./',
      'deb [trusted=no] http://a.example/d ./',
    ];
    const repositories = lines.map((baseurl) => ({ baseurl }));
    expect(requestOf({ dist_name: 'debian', dist_version: '12', repositories }).repositories).toEqual([
      'deb [trusted=yes] http://a.example/d 12 main',
      'deb [arch=amd64 trusted=yes] http://a.example/d ./',
      'deb [trusted=no] http://a.example/d ./',
    ]);
  });

  it('has suites as ALTS documents them, and as the UI writes them', () => {
    const tests = [
      {
        url: 'https://git.example/qa/x.git',
        git_ref: 'main',
        test_dir: 'tests/p_php',
        tests_to_run: ['0_install', 'a.bats'],
      },
      { url: 'ssh://gerrit.example:29418/qa/core-tests', git_ref: '12345/7', test_dir: 'tests/p_common' },
      { package_name: 'php', url: 'https://git.example/qa/x.git/tests/p_php', repo: 'x' },
    ];
    const test_env = { extra_env_vars: ['PHP_VERSION=82', 'OPTIONS=a=b'], pytest_is_needed: 'false', PHP: '80' };
    const environment = { PHP_VERSION: '82', OPTIONS: 'a=b' };
    expect(requestOf({ test_configuration: { tests, test_env } }).tests).toMatchObject([
      {
        url: 'https://git.example/qa/x.git',
        ref: 'main',
        dir: 'tests/p_php',
        only: ['0_install', 'a.bats'],
        environment,
      },
      { url: 'ssh://gerrit.example:29418/qa/core-tests', ref: '12345/7', dir: 'tests/p_common', environment },
      { url: 'https://git.example/qa/x.git', dir: 'tests/p_php', environment },
    ]);
  });

  it.each([
    ['without a package', { package_name: null }],
    ['with a fraction as a version', { dist_version: 9.4 }],
    ['with a channel that is none', { package_channel: 'nightly' }],
    ['with a repository without a URL', { repositories: [{ name: 'x' }] }],
    ['with a number as a flavor', { test_flavor: { name: 'mysql', version: 8 } }],
  ])('%s is none', (_, wrong) => {
    expect(TaskPayload.safeParse({ ...least, ...wrong }).success).toBe(false);
  });

  it.each([
    [{ dist_arch: 'pdp11' }, 'unknown architecture "pdp11"'],
    [{ package_name: 'foo; rm -rf /' }, 'package.name'],
  ])('%j is refused by the name of the field', (wrong, message) => {
    expect(() => requestOf(wrong)).toThrow(message);
  });
});
