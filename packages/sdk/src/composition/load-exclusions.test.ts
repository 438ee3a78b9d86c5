import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { drawer, manager, needsInstalled, request, shelf } from '../engine/engine-parts.fixture.ts';
import { serveExclusions, tagged } from '../exclusions/exclusion-server.fixture.ts';
import { createContainer } from './create-container.ts';
import { loadExclusions } from './load-exclusions.ts';
import { checkRequest, type RunTestOptions, runTest } from './run-test.ts';
import { TOKENS } from './tokens.ts';

const text = JSON.stringify({ 'debian-12': { hell: ['uninstall_package'] } });
afterEach(() => vi.unstubAllEnvs());

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-exclusions-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

function options(more: Partial<RunTestOptions>): RunTestOptions {
  const container = createContainer();
  container.register(TOKENS.packageManagers, { useValue: [manager] });
  container.register(TOKENS.checkers, { useValue: [needsInstalled] });
  return { container, runner: shelf().runner, store: drawer().store, ...more };
}

async function removalIn(more: Partial<RunTestOptions>) {
  const report = await runTest(request, options(more));
  return { report, removal: report.stages.find(({ name }) => name === 'uninstall_package') };
}

describe('the option exclusions', () => {
  it('is the path of a document', async () => {
    const exclusions = join(await scratch(), 'doc.json');
    await writeFile(exclusions, text);
    const { removal } = await removalIn({ exclusions });
    expect(removal).toMatchObject({
      reason: `skipped by rule: ${exclusions} excludes "hell" of debian-12 from uninstall_package`,
    });
  });

  it('is its URL, and the document is kept in the cache of the user', async () => {
    const cache = await scratch();
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const server = await serveExclusions(tagged(text, '"1"'));
    expect((await removalIn({ exclusions: server.url })).removal?.status).toBe('skipped');
    expect(await readdir(join(cache, 'alts', 'exclusions'))).toHaveLength(1);
  });

  it('is what was loaded before, for many tests', async () => {
    const server = await serveExclusions(tagged(text, '"1"'));
    const exclusions = await loadExclusions(server.url, { cacheDirectory: await scratch(), maxAgeMs: 0 });
    await removalIn({ exclusions });
    expect((await removalIn({ exclusions })).removal?.status).toBe('skipped');
    expect(server.requests).toHaveLength(1);
  });

  it('that is not there refuses the request before anything starts', async () => {
    const { runner, left } = shelf();
    const wrong = options({ runner, exclusions: '/no/such.json' });
    await expect(runTest(request, wrong)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(checkRequest(request, wrong)).rejects.toThrow('exclusions /no/such.json: cannot be read');
    expect(left.size).toBe(0);
  });

  it('that takes long does not hold up a test that is cancelled: its report says so', async () => {
    vi.stubEnv('XDG_CACHE_HOME', await scratch());
    const controller = new AbortController();
    const server = await serveExclusions(() => controller.abort(new Error('enough')));
    const { report } = await removalIn({ exclusions: server.url, signal: controller.signal });
    expect(report.verdict).toBe('cancelled');
  });
});
