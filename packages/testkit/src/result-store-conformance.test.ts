import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResultStore } from '@alts/sdk/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import { directoryStore } from '../../sdk/src/embedded/directory-store.ts';
import { askingStore } from './proof/asking-store.fixture.ts';
import type { Broken } from './proof/broken.fixture.ts';
import { brokenStores } from './proof/broken-stores.fixture.ts';
import { RecordingFramework } from './proof/recording-framework.fixture.ts';
import { resultStoreConformance } from './result-store-conformance.ts';

const directory = mkdtempSync(join(tmpdir(), 'alts-store-'));
writeFileSync(join(directory, 'a-file'), 'no directory');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const create = () => directoryStore(join(directory, 'results'));
const createUnreachable = () => directoryStore(join(directory, 'a-file'));

resultStoreConformance({ name: 'directoryStore', framework: { describe, it, afterAll }, create, createUnreachable });

describe('the cases of a silent server', () => {
  it('pass where it is given up in time', async () => {
    const framework = new RecordingFramework();
    resultStoreConformance({ name: 'a store', framework, create, createUnreachable, createSilent: askingStore });
    const outcomes = await framework.run({ only: 'a server that is silent' });
    expect(outcomes.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  });
});

describe('the suite for result stores sees one that', () => {
  it.concurrent.each<Broken<ResultStore>>([...brokenStores])('$fault', async ({ breaks, make, limitMs }) => {
    const framework = new RecordingFramework();
    resultStoreConformance({
      name: 'a store',
      framework,
      create: () => make(create()),
      createUnreachable: () => make(createUnreachable()),
      createSilent: (server) => make(askingStore(server)),
    });
    const outcomes = await framework.run({ only: breaks, ...(limitMs && { limitMs }) });
    expect(outcomes.map(({ name }) => name)).toEqual([expect.stringContaining(breaks)]);
    expect(outcomes.filter(({ failure }) => failure)).toHaveLength(1);
  });
});
