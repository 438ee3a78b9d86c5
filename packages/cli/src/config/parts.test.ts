import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AltsError } from '@alts/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { broadcastPart } from './parts.ts';
import { writePlugin } from './plugin-file.fixture.ts';
import { understandConfig, type Wanted } from './understand-config.ts';

let directory: string;
let own: Record<'queue' | 'broadcast' | 'result-store' | 'runner' | 'checker', string>;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-parts-'));
  const kinds = ['queue', 'broadcast', 'result-store', 'runner', 'checker'] as const;
  const paths = await Promise.all(kinds.map(async (kind) => [kind, await writePlugin(directory, kind)] as const));
  own = Object.fromEntries(paths) as typeof own;
});
afterEach(() => rm(directory, { recursive: true }));

const QUEUE = `queue: { use: amqp, url: 'amqp://localhost' }\n`;
async function understand(text: string, wanted?: Wanted<'queue' | 'broadcast' | 'runners' | 'worker'>) {
  const path = join(directory, 'fleet.yaml');
  await writeFile(path, text);
  return (await understandConfig(path, {}, wanted)).config;
}
async function refused(text: string, message: string): Promise<void> {
  const lines = await understand(text).catch((error: AltsError) => [error.code, ...error.message.split('\n')]);
  expect(lines).toEqual(['invalid_request', expect.stringContaining(`fleet.yaml${message}`)]);
}

describe('the options of a part', () => {
  it.each([
    ['of a queue, without what it needs', 'queue:\n  use: amqp\n', ':2: queue.url: must be a URL that starts with'],
    [
      'of a store, with a typo',
      `${QUEUE}store:\n  use: s3\n  bucket: alts\n  acessKeyId: x\n`,
      ':5: store: unknown key "acessKeyId"; did you mean "accessKeyId"?',
    ],
    [
      'of a store, half of two',
      `${QUEUE}store: { use: s3, bucket: alts, accessKeyId: x }\n`,
      ':2: store.secretAccessKey: accessKeyId and secretAccessKey go together',
    ],
    [
      'of a runner',
      `${QUEUE}runners:\n  docker:\n    memoryMB: 5\n`,
      ':4: runners.docker: unknown key "memoryMB"; did you mean "memoryMiB"?',
    ],
    ['of a runner, by its value', `${QUEUE}runners:\n  docker: { cpus: 0 }\n`, ':3: runners.docker.cpus: '],
    [
      'of a store that is not there',
      `${QUEUE}store: { use: s4 }\n`,
      ':2: store: "s4": unknown result-store; no package',
    ],
    [
      'of a runner that a queue names',
      `${QUEUE}worker: { queues: [vax-x86_64-0] }\n`,
      ':1: runners.vax: "vax": unknown runner; no package',
    ],
  ])('are refused before anything starts: %s', async (_, text, message) => {
    await refused(text, message);
  });

  it.each([
    ['checkers:\n  - use: CHECKER\n    dept: 2\n', ':4: checkers.0: unknown key "dept"; did you mean "depth"?'],
    ['checkers: [{ use: CHECKER, depth: 10 }]\n', ':2: checkers.0.depth: '],
    [
      'checkers: [{ use: CHECKER, deep: { color: red, colour: red } }]\n',
      ':2: checkers.0.deep: unknown key "color"; did you mean "colour"?',
    ],
    ['checkers: [{ use: RUNNER }]\n', ':2: checkers.0: "RUNNER" is a runner, and a checker is needed here'],
    ['checkers: [{ use: none }]\n', ':2: checkers.0: "none": unknown checker; no package @alts/checker-none, '],
    ['runners: { vms: { use: RUNNER, depht: 1 } }\n', ':2: runners.vms: unknown key "depht"; did you mean "depth"?'],
    ['plugins: { big: RUNNER }\nrunners: { big: { depth: no } }\n', ':3: runners.big.depth: '],
  ])('of others are refused by their own schemas: %s', async (text, message) => {
    const named = (line: string) => line.replaceAll('CHECKER', own.checker).replaceAll('RUNNER', own.runner);
    await refused(QUEUE + named(text), named(message));
  });

  it('are all looked at: what is wrong is said of each, with a line for each', async () => {
    const text = `${QUEUE}store: { use: s3, bucket: A }\nrunners: { docker: { pull: now } }\ncheckers: [{ use: ${own.checker}, x: 1 }]\n`;
    const lines = await understand(text).catch((error: Error) => error.message.split('\n'));
    expect(lines).toEqual([
      expect.stringContaining(':2: store.bucket: '),
      expect.stringContaining(':3: runners.docker.pull: '),
      expect.stringContaining(':4: checkers.0: unknown key "x"'),
    ]);
  });

  it('of runners that a program does not use are not looked at: their plugins may be elsewhere', async () => {
    const text = `${QUEUE}worker: { queues: [docker-x86_64-0] }\nrunners: { vms: { use: '@example/none' } }\n`;
    const sections = ['queue', 'broadcast', 'runners', 'worker'] as const;
    expect(await understand(text, { sections, runners: () => ['docker'] })).toMatchObject({ queue: { use: 'amqp' } });
    await refused(text, ':3: runners.vms: "@example/none": unknown runner');
  });
});

describe('the broadcast', () => {
  it('is over the broker of a queue that comes with the command', async () => {
    const config = await understand(QUEUE);
    expect(broadcastPart(config)).toEqual({ use: 'amqp', url: 'amqp://localhost' });
  });

  it('has to be named beside a queue of somebody else, whose plugin makes none', async () => {
    const queue = `queue: { use: ${own.queue} }\n`;
    await refused(queue, `:1: broadcast: is missing: the queue "${own.queue}" does not come with the command`);
    const config = await understand(`${queue}broadcast: { use: ${own.broadcast}, depth: 2 }\n`);
    expect(broadcastPart(config)).toEqual({ use: own.broadcast, depth: 2 });
    expect(() => broadcastPart({ queue: { use: own.queue } })).toThrow('broadcast: is missing');
  });
});
