import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AltsError } from '@alts/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePlugin } from './plugin-file.fixture.ts';
import { understandConfig } from './understand-config.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-overrides-'));
});
afterEach(() => rm(directory, { recursive: true }));

const SECRET = 'a secret of more than thirty-two bytes';
const LEAST = `queue: { use: amqp, url: 'amqp://localhost' }
scheduler: { token: { secret: '${SECRET}' } }
store: { use: s3, bucket: alts, accessKeyId: a, secretAccessKey: b }
`;

async function understand(env: NodeJS.ProcessEnv, text = LEAST) {
  const path = join(directory, 'fleet.yaml');
  await writeFile(path, text);
  return (await understandConfig(path, env)).config;
}

describe('a variable of the environment', () => {
  it.each([
    '@abc',
    'abc #def',
    '0123456789',
    'true',
    'null',
    '[a',
    '*x',
    '!x y',
    '{a: b}',
    "it's: %1",
    ' two  spaces ',
  ])('is the text %j where text is wanted', async (text) => {
    const env = { ALTS_STORE__SECRET_ACCESS_KEY: text, ALTS_SCHEDULER__TOKEN__SECRET: text };
    expect(await understand(env)).toMatchObject({
      store: { secretAccessKey: text },
      scheduler: { token: { secret: text } },
    });
  });

  it('is read as YAML where something else is wanted, in parts too', async () => {
    const store = await writePlugin(directory, 'result-store');
    const env = {
      ALTS_SCHEDULER__PORT: '9000',
      ALTS_SCHEDULER__ARCHITECTURES: '[x86_64, aarch64] # both',
      ALTS_SCHEDULER__TOKEN: `{ secret: "${SECRET}", algorithm: HS384 }`,
      ALTS_SCHEDULER__TOKEN__ISSUER: '123',
      ALTS_STORE__DEPTH: '7',
      ALTS_STORE__NAME: '7',
      ALTS_STORE__FLAGS: '[true, false]',
      ALTS_STORE__DEEP: '{ colour: red }',
      ALTS_STORE__DEEP__COLOUR: 'blue',
      ALTS_RUNNERS__DOCKER__IMAGES: '{ "debian:12": mine }',
    };
    expect(await understand(env, LEAST.replace(/store: .*/, `store: { use: ${store} }`))).toMatchObject({
      scheduler: {
        port: 9000,
        architectures: ['x86_64', 'aarch64'],
        token: { secret: SECRET, algorithm: 'HS384', issuer: '123' },
      },
      store: { use: store, depth: 7, name: '7', flags: [true, false], deep: { colour: 'blue' } },
      runners: { docker: { images: { 'debian:12': 'mine' } } },
    });
  });

  it('replaces a secret whichever way the file says it', async () => {
    for (const name of ['old', 'new']) await writeFile(join(directory, name), `${name} ${SECRET}\n`);
    const inFile = LEAST.replace(`secret: '${SECRET}'`, 'secret_file: no-such-file');
    const secret = async (env: NodeJS.ProcessEnv, text: string) => (await understand(env, text)).scheduler?.token;
    expect(await secret({ ALTS_SCHEDULER__TOKEN__SECRET: 'said' }, inFile)).toMatchObject({ secret: 'said' });
    const byFile = { ALTS_SCHEDULER__TOKEN__SECRET_FILE: 'new' };
    expect(await secret(byFile, inFile)).toMatchObject({ secret: `new ${SECRET}` });
    expect(await secret(byFile, LEAST)).toMatchObject({ secret: `new ${SECRET}` });
  });

  it('reaches into lists', async () => {
    const text = `${LEAST}checkers: [{ use: ${await writePlugin(directory, 'checker')} }]\n`;
    expect((await understand({ ALTS_CHECKERS__0__DEPTH: '3' }, text)).checkers).toMatchObject([{ depth: 3 }]);
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ ALTS_SCHEDULER__PORT: 'high' }, 'ALTS_SCHEDULER__PORT: scheduler.port: '],
    [{ ALTS_SCHEDULER__PORT: '@x' }, 'ALTS_SCHEDULER__PORT: scheduler.port: '],
    [{ ALTS_SCHEDULER__PORT: '*x' }, 'ALTS_SCHEDULER__PORT: scheduler.port: '],
    [{ ALTS_SCHEDULER__PROT: '1' }, 'ALTS_SCHEDULER__PROT: scheduler: unknown key "prot"; did you mean "port"?'],
    [{ ALTS_SHCEDULER__PORT: '1' }, 'ALTS_SHCEDULER__PORT: file: unknown key "shceduler"; did you mean "scheduler"?'],
    [{ ALTS_STORE__BUKET: 'x' }, 'ALTS_STORE__BUKET: store: unknown key "buket"; did you mean "bucket"?'],
    [{ ALTS_STORE__BUCKET: 'A' }, 'ALTS_STORE__BUCKET: store.bucket: must be the name of a bucket'],
    [{ ALTS_STORE__USE: 's4' }, 'ALTS_STORE__USE: store: "s4": unknown result-store'],
    [
      { ALTS_SCHEDULER__TOKEN__SECRET_FILE: 'none' },
      'ALTS_SCHEDULER__TOKEN__SECRET_FILE: scheduler.token.secret_file: cannot read "none" (ENOENT)',
    ],
    [
      { ALTS_SCHEDULER__TOKEN__SECRET: SECRET, ALTS_SCHEDULER__TOKEN__SECRET_FILE: 'x' },
      'ALTS_SCHEDULER__TOKEN__SECRET_FILE: ALTS_SCHEDULER__TOKEN__SECRET says the same; say one of the two',
    ],
    [{ ALTS_WORKER__QUEUES: 'docker-x86_64-0' }, 'ALTS_WORKER__QUEUES: worker.queues: '],
  ])('%j is refused by its name', async (env, message) => {
    const lines = await understand(env).catch((error: AltsError) => [error.code, ...error.message.split('\n')]);
    expect(lines).toEqual(['invalid_request', expect.stringContaining(message)]);
    expect(lines).not.toContainEqual(expect.stringContaining('fleet.yaml'));
  });
});
