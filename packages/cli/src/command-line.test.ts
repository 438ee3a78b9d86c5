import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestReport } from '@alts/sdk/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import { alts, start, WAITING_RUNNER } from './alts-process.fixture.ts';

const cwd = mkdtempSync(join(tmpdir(), 'alts-command-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const ONE_LINE = /^alts: [^\n]+\n$/;
const on = ['--on', 'debian:12'];
const waiting = ['--runner', WAITING_RUNNER, '--on', 'waiting:1'];

describe.concurrent('a command line that is wrong: exit 2, one line on stderr, nothing on stdout', () => {
  it.each<[what: string, args: string[], words: string]>([
    ['unknown distribution', ['test', 'hello', '--on', 'nosuch:1'], 'unknown distribution "nosuch"'],
    ['unknown version', ['test', 'hello', '--on', 'debian:99'], 'unknown version "99"'],
    ['unknown architecture', ['test', 'hello', '--on', 'debian:12/z80'], 'unknown architecture "z80"'],
    ['the second of two systems', ['test', 'hello', ...on, '--on', 'debian:99'], 'unknown version "99"'],
    [
      'a file of another family on the second',
      ['test', 'https://x.example/a.deb', ...on, '--on', 'fedora:43'],
      'is not a .rpm file',
    ],
    [
      'a deb repository on an rpm system',
      ['test', 'x', '--on', 'fedora:43', '--repo', 'deb http://x.example/ ./'],
      'repositories.0: is a line for apt',
    ],
    ['a module on a deb system', ['test', 'x', ...on, '--module', 'nodejs:20'], 'module: nodejs:20'],
    ['half a module', ['test', 'x', ...on, '--module', 'nodejs'], 'is not <name>:<stream>'],
    ['something else to allow', ['test', 'x', ...on, '--allow', 'all'], '--allow: "all"'],
    ['unknown runner', ['test', 'hello', ...on, '--runner', 'nope'], 'unknown runner'],
    ['unknown option of the runner', ['test', 'hello', ...on, '--runner-opt', 'nope=1'], 'nope'],
    ['no system', ['test', 'hello'], '--on is missing'],
    ['no package', ['test', ...on], "missing required argument 'package'"],
    ['an option with a line break', ['test', 'hello', '--x\n\x1b[2Jy'], "unknown option '--x y'"],
    ['unknown command', ['tset'], "unknown command 'tset'"],
    ['unknown format', ['test', 'hello', ...on, '--format', 'xml'], 'pretty, json, junit'],
    ['a report of an unknown format', ['test', 'hello', ...on, '--report', 'xml=x'], 'json, junit, tap, github, html'],
    [
      'a report that cannot be written',
      ['test', 'hello', ...on, '--report', 'html=/proc/x/y'],
      '--report: cannot write',
    ],
    ['two documents for stdout', ['test', 'hello', ...on, '--format', 'json', '--report', 'tap=-'], 'stdout'],
    ['an empty name', ['test', '', ...on], 'package.name'],
    ['a name too long', ['test', 'a'.repeat(5000), ...on], 'longer than 255'],
    ['a name like a shell line', ['test', 'foo;id', ...on], 'package.name'],
    ['a name like an option', ['test', ...on, '--', '-oDebug=1'], 'package.name'],
    ['a name with a line break', ['test', 'a\nb', ...on], 'package.name'],
    ['a path that leads nowhere', ['test', '../../x', ...on], 'there is no file'],
    ['a repository with a line break', ['test', 'hello', ...on, '--repo', 'deb http://x/ a\nb'], 'line break'],
    ['an output that cannot be', ['test', 'hello', ...on, '--output', '/dev/null/x'], '--output'],
    [
      'a configuration that is not there',
      ['test', 'hello', ...on, '--config', 'none.json'],
      '--config none.json: cannot',
    ],
    ['a version to compare with that is none', ['test', 'hello', ...on, '--baseline', 'a b'], 'baseline.version'],
    [
      'a version to compare with, of a file that does not say its name',
      ['test', 'https://x.example/a.deb', ...on, '--baseline', '1.0'],
      'baseline: give its name, too',
    ],
    ['a report that is not there', ['test', 'hello', ...on, '--baseline', 'none.json'], '--baseline none.json: cannot'],
    ['a system that is none, to be built', ['image', 'build', 'debian'], 'is not a system'],
  ])('%s', async (_what, args, words) => {
    const { code, stdout, stderr } = await alts(args, {}, cwd);
    expect(stderr).toMatch(ONE_LINE);
    expect(stderr).toContain(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    ['is no JSON', '{"waivers": [}', 'is not JSON'],
    ['has an unknown field', '{"waiver": []}', 'waiver'],
    ['waives without a reason', '{"waivers": [{"rule": "files/*", "reason": ""}]}', 'waivers.0.reason: must say why'],
    ['names no rule', '{"waivers": [{"rule": "files/*-lynk", "reason": "x"}]}', 'did you mean "files/'],
    [
      'skips without a reason',
      '{"skip": [{"stage": "uninstall_package", "reason": ""}]}',
      'skip.0.reason: must say why',
    ],
    ['skips what cannot be skipped', '{"skip": [{"stage": "system_info", "reason": "x"}]}', 'skip.0.stage: cannot be'],
    ['has exclusions that are not there', '{"exclusions": "no/such.json"}', 'no/such.json: cannot be read: ENOENT'],
    ['has exclusions that are none', '{"exclusions": "wrong.json"}', 'wrong.json: debian-12.hello: must be a list'],
    [
      'has exclusions at no URL',
      '{"exclusions": "https://"}',
      'exclusions: must be the path of a file or an http(s) URL',
    ],
    ['turns a rule off', '{"severities": {"files/broken-link": "off"}}', 'severities.files/broken-link: must be'],
  ])('a configuration that %s', async (what, text, words) => {
    const file = `${what.replaceAll(' ', '-')}.json`;
    writeFileSync(join(cwd, file), text);
    writeFileSync(join(cwd, 'wrong.json'), '{"debian-12": {"hello": "uninstall_package"}}');
    const { code, stdout, stderr } = await alts(['test', 'hello', ...on, '--config', file], {}, cwd);
    expect(stderr).toMatch(ONE_LINE);
    expect(stderr).toContain(`--config ${file}: `);
    expect(stderr).toContain(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    ['is no report', '{}', 'it has no schemaVersion'],
    ['is of another schema', '{"schemaVersion": 2}', 'its schemaVersion is 2'],
  ])('a baseline that %s', async (what, text, words) => {
    const file = `${what.replaceAll(' ', '-')}.json`;
    writeFileSync(join(cwd, file), text);
    const { code, stdout, stderr } = await alts(['test', 'hello', ...on, '--baseline', file], {}, cwd);
    expect(stderr).toMatch(ONE_LINE);
    expect(stderr).toContain(`--baseline ${file}: is not a report`);
    expect(stderr).toContain(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('a baseline of several systems, none of them the one that is tested', async () => {
    const reports = [{ request: { system: { distribution: 'debian', version: '13' } } }, null];
    writeFileSync(join(cwd, 'several.json'), JSON.stringify(reports));
    const { code, stderr } = await alts(['test', 'hello', ...on, '--baseline', 'several.json'], {}, cwd);
    expect(stderr).toBe('alts: --baseline several.json: has no report of debian:12 among its 2\n');
    expect(code).toBe(2);
  });

  it('shows no password', async () => {
    const { stderr } = await alts(['test', 'hello', ...on, '--repo', 'deb http://me:secret@mirror.example/'], {}, cwd);
    expect(stderr).toMatch(ONE_LINE);
    expect(stderr).not.toContain('secret');
  });
});

describe.concurrent('help', () => {
  it.each([[[]], [['test']], [['reap']], [['doctor']], [['image']], [['image', 'build']], [['image', 'list']]])(
    'of %j fits on a screen and has an example',
    async (command) => {
      const { code, stdout } = await alts([...command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('$ alts');
      expect(stdout.split('\n').length).toBeLessThanOrEqual(30);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it('tells the version', async () => {
    expect(await alts(['--version'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
      stderr: '',
    });
  });
});

describe.concurrent('an engine that is not there', () => {
  const nowhere = ['--runner-opt', `host=unix://${cwd}/none.sock`];

  it('is an infrastructure error with a report: exit 3', async () => {
    const { code, stdout, stderr } = await alts(['test', 'hello', ...on, ...nowhere, '--format', 'json'], {}, cwd);
    expect(code, stderr).toBe(3);
    expect(TestReport.parse(JSON.parse(stdout))).toMatchObject({
      verdict: 'error',
      error: { code: 'runner_unavailable' },
    });
  });

  it('cannot be reaped: exit 3, one line', async () => {
    const { code, stderr } = await alts(['reap', ...nowhere], {}, cwd);
    expect(code).toBe(3);
    expect(stderr).toMatch(ONE_LINE);
  });

  it('is what the doctor says', async () => {
    const { code, stdout } = await alts(['doctor'], { DOCKER_HOST: `unix://${cwd}/none.sock` }, cwd);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^✗ docker .*none\.sock/m);
    expect(stdout).toContain('No test can run');
  });
});

describe.concurrent('interrupting', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('once by %s reports all tests as cancelled: exit 130', async (signal) => {
    const run = start(['test', 'hello', ...waiting, '--on', 'waiting:2', '--jobs', '1', '--format', 'json'], {}, cwd);
    await run.said('removed 1 abandoned: old');
    run.child.kill(signal);
    const { code, stdout, stderr } = await run.finished;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('interrupted: cleaning up');
    expect(JSON.parse(stdout).map((report: unknown) => TestReport.parse(report).verdict)).toEqual([
      'cancelled',
      'cancelled',
    ]);
  });

  it('twice leaves now: exit 130', async () => {
    const run = start(['test', 'hello', ...waiting, '--runner-opt', 'deaf=true'], {}, cwd);
    await run.said('removed 1 abandoned: old');
    run.child.kill('SIGINT');
    await run.said('interrupted: cleaning up');
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
  });

  it('goes on to the verdict when nobody reads any more', async () => {
    const run = start(['test', 'hello', ...waiting, '--format', 'json'], {}, cwd);
    await run.said('removed 1 abandoned: old');
    run.child.stdout?.destroy();
    run.child.kill('SIGINT');
    const { code, stderr } = await run.finished;
    expect(code, stderr).toBe(130);
    expect(stderr).not.toMatch(/EPIPE|at .*\.ts:/);
  });
});

describe('reap', () => {
  it('prints what it removed, and how much is in use', async () => {
    const { code, stdout } = await alts(['reap', '--runner', WAITING_RUNNER], {}, cwd);
    expect(stdout).toBe('removed old of task task-1\n1 removed, 1 in use\n');
    expect(code).toBe(0);
  });
});
