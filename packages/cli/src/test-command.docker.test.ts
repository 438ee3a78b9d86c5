import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestReport } from '@alts/sdk/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import { alts, start } from './alts-process.fixture.ts';

const cwd = mkdtempSync(join(tmpdir(), 'alts-test-command-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const on = ['--on', 'debian:12'];

/** Containers of one task that the engine still knows, running or not. */
async function containersOf(environment: string | null): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', ['ps', '-aq', '--no-trunc', '--filter', `id=${environment}`]);
  return stdout.trim();
}

describe('alts test', () => {
  it('of a good package ends with passed: exit 0, one JSON document, artifacts, and no container', async () => {
    const { code, stdout, stderr } = await alts(['test', 'hello', ...on, '--format', 'json'], {}, cwd);
    expect(code, stderr).toBe(0);
    const report = TestReport.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ verdict: 'passed', package: { name: 'hello', architecture: 'amd64' } });
    expect(report.artifacts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['install_package.log', 'junit.xml']),
    );
    const stored = await readFile(join(cwd, 'alts-results', report.taskId, 'report.json'), 'utf8');
    expect(TestReport.parse(JSON.parse(stored)).verdict).toBe('passed');
    expect(await containersOf(report.runner.environment)).toBe('');
  });

  it('of a package that is not there fails: exit 1, plain lines, the command and where its log is', async () => {
    const { code, stdout } = await alts(['test', 'no-such-package-xyz', ...on, '--output', 'here'], {}, cwd);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ install_package /m);
    expect(stdout).toMatch(/^failed {2}no-such-package-xyz on debian:12 in /m);
    expect(stdout).toMatch(/^ {2}log: here\/[^/]+\/install_package\.log$/m);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('on two systems shows both in one table, and the worst decides', async () => {
    const { code, stdout } = await alts(['test', 'hello', ...on, '--on', 'debian:13'], {}, cwd);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^system +verdict +package/m);
    expect(stdout).toMatch(/^debian:12 +passed +hello /m);
    expect(stdout).toMatch(/^debian:13 +passed +hello /m);
  });

  it('prints an array of reports for two systems, and one JUnit document', async () => {
    const both = ['test', 'no-such-package-xyz', ...on, '--on', 'debian:13'];
    const [json, junit] = await Promise.all([
      alts([...both, '--format', 'json'], {}, cwd),
      alts([...both, '--format', 'junit'], {}, cwd),
    ]);
    expect(JSON.parse(json.stdout).map((report: unknown) => TestReport.parse(report).verdict)).toEqual([
      'failed',
      'failed',
    ]);
    expect(json.code).toBe(1);
    expect(junit.code).toBe(1);
    expect(junit.stdout.match(/<\?xml/g)).toHaveLength(1);
    expect(junit.stdout.match(/<testsuite /g)).toHaveLength(2);
  });

  it('writes every report that is asked for, with the logs in the page, and keeps stdout for people', async () => {
    const formats = ['html', 'tap', 'junit', 'json', 'github'];
    const wanted = formats.flatMap((format) => ['--report', `${format}=reports/of.${format}`]);
    const { code, stdout, stderr } = await alts(['test', 'hello', ...on, ...wanted], {}, cwd);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^ {2}html: reports\/of\.html$/m);
    const [html, tap, junit, json, github] = await Promise.all(
      formats.map((format) => readFile(join(cwd, 'reports', `of.${format}`), 'utf8')),
    );
    expect(html).toMatch(/data-log[^>]*>[^<]*Setting up hello/);
    expect(html).toMatch(/<h1>hello [^ ]+ \(amd64\) <strong class="badge passed">/);
    expect(tap).toMatch(/^TAP version 14\n1\.\.8\nok 1 - start_environment\n/);
    expect(junit).toContain('<testsuite name="hello on debian:12" tests="8" failures="0" errors="0"');
    expect(TestReport.parse(JSON.parse(json ?? '')).verdict).toBe('passed');
    expect(github).toBe('');
  });

  it('writes them of a package that fails, too: annotations on stdout, the page for both systems', async () => {
    const both = ['test', 'no-such-package-xyz', ...on, '--on', 'debian:13'];
    const { code, stdout } = await alts([...both, '--format', 'github', '--report', 'html=failed.html'], {}, cwd);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^::error title=no-such-package-xyz on debian%3A12%3A install_package::.*%0A\$ apt-get /),
      expect.stringMatching(/^::error title=no-such-package-xyz on debian%3A13%3A install_package::/),
      '',
    ]);
    const html = await readFile(join(cwd, 'failed.html'), 'utf8');
    expect(html.match(/<section /g)).toHaveLength(2);
    expect(html).toContain('<h1>no-such-package-xyz, 2 systems <strong class="badge failed">');
  });

  it('interrupted once takes its container away and reports: exit 130', async () => {
    const run = start(['test', 'git', ...on, '--format', 'json', '--report', 'tap=cancelled.tap'], {}, cwd);
    await run.said('✓ system_info');
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await run.finished;
    expect(code, stderr).toBe(130);
    const report = TestReport.parse(JSON.parse(stdout));
    expect(report.verdict).toBe('cancelled');
    expect(await readFile(join(cwd, 'cancelled.tap'), 'utf8')).toContain('\nnot ok 4 - install_package\n');
    expect(report.runner.environment).not.toBeNull();
    expect(await containersOf(report.runner.environment)).toBe('');
  });

  it('with --keep says how to enter and remove what it left', async () => {
    const { code, stdout, stderr } = await alts(['test', 'hello', ...on, '--keep', '--format', 'json'], {}, cwd);
    expect(code, stderr).toBe(0);
    const { environment } = TestReport.parse(JSON.parse(stdout)).runner;
    const removal = /remove it with "([^"]+)"/.exec(stderr)?.[1]?.split(' ') ?? [];
    expect(stderr).toContain('enter it with "docker exec');
    expect(await containersOf(environment)).not.toBe('');
    await promisify(execFile)(removal[0] ?? '', removal.slice(1));
    expect(await containersOf(environment)).toBe('');
  });

  it('stopped by kill -9 leaves a container, and reap takes it away', async () => {
    const run = start(['test', 'git', ...on, '--output', 'killed'], {}, cwd);
    await run.said('✓ system_info');
    run.child.kill('SIGKILL');
    await run.finished;
    const [taskId] = await readdir(join(cwd, 'killed'));
    const { code, stderr } = await alts(['reap'], {}, cwd);
    expect(code, stderr).toBe(0);
    // By name and not by what reap printed: another process that started meanwhile may have been first.
    const { stdout } = await promisify(execFile)('docker', ['ps', '-aq', '--filter', `name=alts-${taskId}`]);
    expect(stdout).toBe('');
  });
});
