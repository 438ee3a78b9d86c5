import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ReportedFinding, TestReport } from '../../contracts/report.ts';
import type { ArtifactReader, ArtifactTail } from '../reporter.ts';
import * as reports from '../reports.fixture.ts';
import { html } from './html.ts';
import { attribute, readHtml, textIn } from './html-reader.fixture.ts';

const sha256 = '0'.repeat(64);
const kept = (report: TestReport): TestReport => ({
  ...report,
  artifacts: report.stages.map(({ log }) => ({ name: log, size: 1, sha256 })),
});
const saying = (tail: ArtifactTail): ArtifactReader => ({ tail: async () => tail });
const line = saying({ text: 'a line\n', size: 7, cut: false });
const read = async (given: readonly TestReport[], artifacts = line) => readHtml(await html(given, artifacts));

const HOSTILE = `</pre></script><script>alert(1)</script><img src=x onerror=alert(1)>'"><!--\x1b[2J\ud800\0&lt;\u202e`;
/** What of it may be seen. */
const HARMLESS = `</pre></script><script>alert(1)</script><img src=x onerror=alert(1)>'"><!--\ufffd&lt;`;
const HOSTILE_REPORT: TestReport = kept({
  ...reports.FINDINGS_REPORT,
  package: { name: HOSTILE, version: HOSTILE, architecture: HOSTILE, origin: HOSTILE, sha256: HOSTILE },
  system: { ...reports.PASSED_REPORT.system, name: HOSTILE, kernel: HOSTILE },
  runner: { type: HOSTILE, environment: HOSTILE, image: { name: HOSTILE, digest: HOSTILE } },
  stages: reports.FINDINGS_REPORT.stages.map((stage) => {
    if (stage.status === 'skipped') return { ...stage, reason: HOSTILE };
    if (stage.status !== 'failed') return stage;
    return { ...stage, failure: { reason: 'findings', message: HOSTILE, command: [HOSTILE], output: HOSTILE } };
  }),
  findings: reports.FINDINGS_REPORT.findings.map((finding) => ({
    ...finding,
    ...{ checker: HOSTILE, rule: HOSTILE, subject: HOSTILE, message: HOSTILE, evidence: HOSTILE },
  })),
});

describe('html', () => {
  it.each(Object.entries(reports))(
    'of %s is a document that a browser has nothing to say against',
    async (_n, report) => {
      const { complaints, all } = await read([kept(report), report]);
      expect(complaints).toEqual([]);
      expect(all('section')).toHaveLength(2);
      expect(textIn(all('h1')[0]!)).toContain(report.verdict);
    },
  );

  it('loads nothing and sends nothing: all there is to run and to style is in it, by its digest', async () => {
    const { all } = await read([HOSTILE_REPORT]);
    const policy = all('meta').find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy')!;
    const digest = (name: string) =>
      createHash('sha256')
        .update(textIn(all(name)[0]!))
        .digest('base64');
    expect(attribute(policy, 'content')!.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${digest('style')}'`,
      `script-src 'sha256-${digest('script')}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(all('script')).toHaveLength(1);
    const attributes = all('*').flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => /^(src|srcset|style|action|data|poster|on.*)$/.test(name))).toEqual([]);
    expect(attributes.filter(({ name, value }) => name === 'href' && !value.startsWith('#'))).toEqual([]);
    expect(all('link').concat(all('img'), all('iframe'), all('object'))).toEqual([]);
    expect(textIn(all('style')[0]!)).not.toMatch(/url\(|@import/);
  });

  it('has a script that is JavaScript, and the elements that it looks for', async () => {
    const { all } = await read([reports.PASSED_REPORT]);
    const source = textIn(all('script')[0]!);
    expect(() => new Script(source)).not.toThrow();
    const ids = [...source.matchAll(/getElementById\('([^']+)'\)/g)].map(([, id]) => id);
    expect(ids).not.toEqual([]);
    expect(all('*').map((element) => attribute(element, 'id'))).toEqual(expect.arrayContaining(ids));
  });

  it('lets no text of a package be anything but text', async () => {
    const hostile = saying({ text: `${HOSTILE}\n`, size: 10, cut: true });
    const harmless = saying({ text: 'x\n', size: 10, cut: true });
    const plain = {
      ...HOSTILE_REPORT,
      ...JSON.parse(JSON.stringify(HOSTILE_REPORT).replaceAll(JSON.stringify(HOSTILE), '"x"')),
    };
    const shape = ({ all }: ReturnType<typeof readHtml>) =>
      all('*').map(({ tagName, attrs }) => [tagName, attrs.length]);
    const page = await read([HOSTILE_REPORT, HOSTILE_REPORT], hostile);
    expect(page.complaints).toEqual([]);
    expect(shape(page)).toEqual(shape(await read([plain, plain], harmless)));
    for (const pre of page.all('pre')) expect(textIn(pre)).toContain(HARMLESS);
  });

  it('draws the stages over the time', async () => {
    const stages = reports.PASSED_REPORT.stages.map((stage, index) => ({
      ...stage,
      startedAt: new Date(Date.parse(reports.PASSED_REPORT.startedAt) + index * 1000).toISOString(),
      durationMs: index === 5 ? 0 : 1000,
    }));
    const { all } = await read([{ ...reports.PASSED_REPORT, durationMs: 8000, stages }]);
    expect(attribute(all('svg')[0]!, 'role')).toBe('img');
    expect(textIn(all('title').at(-1)!)).toMatch(
      /^Time line of the stages, 8\.0s in all: start_environment passed, 1\.0s; /,
    );
    const bars = all('rect').filter((rect) => attribute(rect, 'class')?.startsWith('bar'));
    expect(bars.map((bar) => [attribute(bar, 'x'), attribute(bar, 'width')])).toEqual(
      [0, 1, 2, 3, 4, 6, 7].map((index) => [`${(index * 12.5).toFixed(2)}%`, '12.50%']),
    );
  });

  it('never draws outside of the picture, whatever the clocks said', async () => {
    const startedAt = ['2020-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z'];
    const stages = reports.PASSED_REPORT.stages.map((stage, i) => ({
      ...stage,
      startedAt: startedAt[i % 2]!,
      durationMs: 0,
    }));
    const { all } = await read([{ ...reports.PASSED_REPORT, durationMs: 0, stages }]);
    const ends = all('rect').map(
      (rect) => Number.parseFloat(attribute(rect, 'x')!) + Number.parseFloat(attribute(rect, 'width')!),
    );
    expect(ends.length).toBeGreaterThan(8);
    for (const end of ends) expect(end).toBeLessThanOrEqual(100);
  });

  it('shows findings with evidence, the worst first, and says how many it left out', async () => {
    const [odd, missing] = reports.FINDINGS_REPORT.findings;
    const many = Array.from({ length: 1500 }, (): ReportedFinding => ({ ...odd!, evidence: 'seen\nthere' }));
    const { all } = await read([{ ...reports.FINDINGS_REPORT, findings: [...many, missing!] }]);
    const items = all('li').filter((item) => attribute(item, 'data-finding') !== undefined);
    expect(items).toHaveLength(1000);
    expect(textIn(items[0]!).replace(/\s+/g, ' ')).toBe(
      'error files/missing package_integrity_tests /usr/bin/hello is missing',
    );
    expect(textIn(items[1]!)).toContain('seen\nthere');
    expect(all('p').map(textIn)).toContain('And 501 more, in report.json.');
    expect(all('h3').map(textIn)).toContain('Findings: 1 error, 1500 infos');
  });

  it('says of a finding that decides nothing why, and what was fixed', async () => {
    const { all } = await read([reports.WAIVED_REPORT]);
    const items = all('li').map((item) => textIn(item).replace(/\s+/g, ' ').trim());
    expect(items.slice(1)).toEqual([
      'error, known files/missing package_integrity_tests /usr/bin/b is missing',
      'error, waived files/broken-link package_integrity_tests /usr/lib/a is a broken link' +
        'Waived until 2026-12-31: the target comes with the kernel',
      'fixed files/missing package_integrity_tests /usr/bin/c is missing',
    ]);
    expect(all('h3').map(textIn)).toEqual(
      expect.arrayContaining(['Findings: 1 warning, 1 known, 1 waived', 'Fixed since 2.9-1: 1']),
    );
  });

  it('says why a test did not pass, above all else', async () => {
    const reason = async (report: TestReport) => {
      const { all } = await read([report]);
      return textIn(all('div').find((div) => attribute(div, 'class') === 'reason')!);
    };
    expect(await reason(reports.SCRIPT_FAILED_REPORT)).toMatch(
      /install_package\s*the postinst of hello failed script_failed\s*\$ apt-get install -y hello \(exit code 100\)\s*Setting up hello\n<b>/,
    );
    expect(await reason(reports.ERROR_REPORT)).toMatch(
      /no Docker engine answers runner_unavailable\s*Because:\s*connect ENOENT/,
    );
    expect(await reason(reports.NOT_STORED_REPORT)).toContain('no space left for report.json');
    expect(await reason(reports.CANCELLED_REPORT)).toContain('The test was cancelled.');
  });

  it('has a table of several systems that leads to each, and none for one', async () => {
    const { all } = await read([reports.PASSED_REPORT, reports.FINDINGS_REPORT]);
    expect(textIn(all('h1')[0]!)).toBe('hello 2.10-3 (amd64), 2 systems ✗ failed');
    const sections = all('section').map((section) => `#${attribute(section, 'id')}`);
    expect(all('a').map((link) => [textIn(link), attribute(link, 'href')])).toEqual([
      ['debian:12', sections[0]],
      ['debian:13/x86_64', sections[1]],
    ]);
    expect((await read([reports.PASSED_REPORT])).all('table')).toEqual([]);
  });

  it('has every id once, and a label for what can be typed into', async () => {
    const { all } = await read([reports.PASSED_REPORT, reports.PASSED_REPORT]);
    const ids = all('*').flatMap((element) => attribute(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const pointed = all('*').flatMap(
      (element) => attribute(element, 'aria-labelledby') ?? attribute(element, 'for') ?? [],
    );
    expect(ids).toEqual(expect.arrayContaining(pointed));
    expect(all('input').map((input) => attribute(input, 'id'))).toEqual(
      all('label').map((label) => attribute(label, 'for')),
    );
  });
});

describe('logs', () => {
  const logsOf = ({ all }: ReturnType<typeof readHtml>) =>
    all('pre').filter((pre) => attribute(pre, 'data-log') !== undefined);

  it('are folded, one for each stage that has one', async () => {
    const page = await read([kept(reports.PASSED_REPORT)]);
    expect(logsOf(page).map(textIn)).toEqual(Array.from({ length: 8 }, () => 'a line\n'));
    expect(page.all('details')).toHaveLength(8);
    expect(page.all('details').filter((one) => attribute(one, 'open') !== undefined)).toEqual([]);
    expect(logsOf(await read([reports.PASSED_REPORT]))).toEqual([]);
  });

  it('are shown by their ends where they are long, with the name of the file that has all', async () => {
    const limits = new Set<number>();
    const long: ArtifactReader = {
      tail: async (key, limit) => {
        limits.add(limit);
        return { text: `${key.taskId} ${key.name}\n`, size: 50 * 1024 * 1024, cut: true };
      },
    };
    const page = await read([kept(reports.PASSED_REPORT)], long);
    expect(textIn(logsOf(page)[0]!)).toBe('task-passed start_environment.log\n');
    expect(page.all('p').map(textIn)).toContain(
      'The end of it: all 50.0 MiB are in start_environment.log, with the other results.',
    );
    expect([...limits]).toEqual([256 * 1024]);
  });

  it('of a hundred systems are still no more than a browser can show', async () => {
    let sum = 0;
    const counting: ArtifactReader = {
      tail: async (_key, limit) => {
        sum += limit;
        return { text: '', size: 0, cut: false };
      },
    };
    await html(
      Array.from({ length: 100 }, () => kept(reports.PASSED_REPORT)),
      counting,
    );
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(16 * 1024 * 1024);
  });

  it('that cannot be read leave a sentence', async () => {
    const { all } = await read([kept(reports.PASSED_REPORT)], saying({ problem: 'the <store> is away' }));
    expect(all('p').map(textIn)).toContain('The log install_package.log could not be read: the <store> is away');
  });
});
