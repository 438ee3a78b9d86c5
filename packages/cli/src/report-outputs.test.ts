import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareReportFiles, writeReportFiles } from './report-files.ts';
import { parseReportOutputs } from './report-outputs.ts';

const directory = mkdtempSync(join(tmpdir(), 'alts-reports-'));
afterAll(() => rmSync(directory, { recursive: true }));
const html = (path: string) => [{ format: 'html' as const, path: join(directory, path) }];
const nothing = { tail: async () => ({ problem: 'nothing is read' }) };

describe('--format and --report', () => {
  it('are the document on stdout, and files', () => {
    expect(parseReportOutputs(undefined)).toEqual({ stdout: undefined, files: [] });
    expect(parseReportOutputs('pretty')).toEqual({ stdout: undefined, files: [] });
    expect(parseReportOutputs('tap', ['html=a=b.html', 'json=./out.json'])).toEqual({
      stdout: 'tap',
      files: [
        { format: 'html', path: 'a=b.html' },
        { format: 'json', path: './out.json' },
      ],
    });
  });

  it('are one document on stdout at most: "-" is stdout, too', () => {
    expect(parseReportOutputs(undefined, ['github=-', 'tap=x'])).toMatchObject({
      stdout: 'github',
      files: [{ path: 'x' }],
    });
    expect(parseReportOutputs('pretty', ['html=-'])).toMatchObject({ stdout: 'html' });
    expect(() => parseReportOutputs('json', ['tap=-'])).toThrow('--report: json and tap cannot both go to stdout');
    expect(() => parseReportOutputs(undefined, ['json=-', 'json=-'])).toThrow('cannot both go to stdout');
  });

  it.each([
    ['xml', [], '--format: "xml" is not one of pretty, json, junit, tap, github, html'],
    [undefined, ['html'], '--report: "html" is not <format>=<path>'],
    [undefined, ['=x'], '--report: "=x" is not <format>=<path>'],
    [undefined, ['tap='], '--report: "tap=" is not <format>=<path>'],
    [undefined, ['pretty=x'], '--report: "pretty" is not one of json, junit, tap, github, html'],
    [undefined, ['toString=x'], '--report: "toString" is not one of json, junit, tap, github, html'],
    [undefined, ['html=x', 'tap=./x'], '--report: "./x" is given twice'],
  ])('%s %j is refused', (format, reports, words) => {
    expect(() => parseReportOutputs(format, reports)).toThrow(words);
  });
});

describe('a file for a report', () => {
  it('gets its directories before the tests, and leaves nothing where no test comes to its end', async () => {
    await prepareReportFiles(html('deep/er/out.html'));
    expect(readdirSync(join(directory, 'deep/er'))).toEqual([]);
  });

  it('is left as it is until there is another', async () => {
    writeFileSync(join(directory, 'old.html'), 'old');
    await prepareReportFiles(html('old.html'));
    expect(await readFile(join(directory, 'old.html'), 'utf8')).toBe('old');
    await writeReportFiles(html('old.html'), [], nothing);
    expect(await readFile(join(directory, 'old.html'), 'utf8')).toMatch(/^<!DOCTYPE html>/);
  });

  it.each([
    ['is a directory', 'deep'],
    ['is below a file', 'file/out.html'],
    ['cannot be made', '../../../../../../../../proc/out.html'],
  ])('that %s is refused', async (_what, path) => {
    await mkdir(join(directory, 'deep'), { recursive: true });
    writeFileSync(join(directory, 'file'), '');
    await expect(prepareReportFiles(html(path))).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/^--report: cannot write "/),
    });
  });

  it('that cannot be written in the end does not keep the others from being written', async () => {
    const files = [...html('gone/out.html'), ...html('there.html')];
    await expect(writeReportFiles(files, [], nothing)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await readFile(join(directory, 'there.html'), 'utf8')).toMatch(/^<!DOCTYPE html>/);
  });
});
