import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePlugin } from './plugin-file.fixture.ts';
import { readConfig } from './read-config.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-config-'));
  await writeFile(join(directory, 'jwt.secret'), `${SECRET}\n`);
});
afterEach(() => rm(directory, { recursive: true }));

const SECRET = 'a secret of more than thirty-two bytes';
const LEAST = `queue: { use: amqp, url: 'amqp://localhost' }
scheduler:
  token: { secret_file: jwt.secret }
`;

async function read(text: string, env: NodeJS.ProcessEnv = {}) {
  const path = join(directory, 'fleet.yaml');
  await writeFile(path, text);
  return readConfig(path, env);
}

describe('the configuration of a fleet', () => {
  it('needs a queue and a secret, and has defaults for the rest', async () => {
    expect(await read(LEAST)).toEqual({
      queue: { use: 'amqp', url: 'amqp://localhost' },
      store: { use: 'directory', path: 'results' },
      runners: { docker: {} },
      checkers: [],
      scheduler: {
        host: '127.0.0.1',
        port: 8000,
        database: 'tasks.sqlite',
        token: { algorithm: 'HS256', secret: SECRET, withoutScopes: 'nothing', clockToleranceSeconds: 5 },
        runners: ['docker'],
        architecture: 'x86_64',
        silentSeconds: 30,
        lostSeconds: 180,
        stuckSeconds: 21_600,
      },
    });
  });

  it('may be said otherwise by the environment, at any depth, as it would stand in the file', async () => {
    const env = {
      ALTS_SCHEDULER__PORT: '9000',
      ALTS_QUEUE__URL: 'amqps://broker.example',
      ALTS_WORKER__QUEUES: '[docker-x86_64-0]',
      ALTS_WORKER__MAX_ATTEMPTS: '5',
      ALTS_STORE__USE: 's3',
      ALTS_STORE__BUCKET: 'alts',
      ALTS_STORE__ACCESS_KEY_ID: 'alts',
      ALTS_STORE__SECRET_ACCESS_KEY_FILE: 'jwt.secret',
      ALTS_DEBUG: '1',
    };
    expect(await read(LEAST, env)).toMatchObject({
      scheduler: { port: 9000 },
      queue: { url: 'amqps://broker.example' },
      worker: { queues: ['docker-x86_64-0'], maxAttempts: 5 },
      store: { use: 's3', bucket: 'alts', secretAccessKey: SECRET },
    });
  });

  it('names plugins once, and parts use them by their short names', async () => {
    const [vms, vault, manners] = await Promise.all(
      ['runner', 'result-store', 'checker'].map((kind) => writePlugin(directory, kind)),
    );
    const text = `plugins: { vms: ${vms}, vault: ${vault}, manners: ${manners} }
queue: { use: amqp, url: 'amqp://localhost' }
store: { use: vault, depth: 3 }
checkers: [{ use: manners, depth: 1 }, { use: ${manners} }]
worker: { queues: [vms-x86_64-0, docker-x86_64-0] }
runners: { docker: {}, big: { use: vms, depth: 2 } }
`;
    expect(await read(text)).toMatchObject({
      queue: { use: 'amqp' },
      store: { use: vault, depth: 3 },
      checkers: [{ use: manners, depth: 1 }, { use: manners }],
      runners: { vms: { use: vms }, docker: { use: 'docker' }, big: { use: vms, depth: 2 } },
    });
  });

  it('says where results may be reported to', async () => {
    const callbacks = `callbacks: { hosts: [build.example], base: 'https://build.example/x', token_file: jwt.secret }\n`;
    expect((await read(LEAST + callbacks)).callbacks).toEqual({
      hosts: ['build.example'],
      base: 'https://build.example/x',
      token: SECRET,
    });
    const atPort = `callbacks: { hosts: ['build.example:8443'], base: 'https://build.example:8443' }\n`;
    expect((await read(LEAST + atPort)).callbacks).toMatchObject({ hosts: ['build.example:8443'] });
  });

  it.each([
    ['a key that nobody knows', `${LEAST}  prot: 80\n`, ':4: scheduler: unknown key "prot"; did you mean "port"?'],
    ['a part that nobody knows', `${LEAST}workers: {}\n`, ': file: unknown key "workers"; did you mean "worker"?'],
    ['a port that is none', `${LEAST}  port: high\n`, ':4: scheduler.port: '],
    ['no queue', 'scheduler: { token: { secret: x } }\n', ':1: queue: '],
    [
      'a queue without a name',
      `${LEAST}worker: { queues: [docker] }\n`,
      'worker.queues.0: must be <runner>-<architecture>-<cost>',
    ],
    ['no secret', 'queue: { use: amqp }\nscheduler:\n  port: 1\n', 'scheduler.token: '],
    [
      'a secret twice',
      LEAST.replace('token: { ', 'token: { secret: x, '),
      'scheduler.token.secret_file: say either secret or secret_file',
    ],
    ['a secret that is not there', LEAST.replace('jwt.', 'no.'), 'cannot read "no.secret" (ENOENT)'],
    [
      'a URL for a host',
      `${LEAST}callbacks: { hosts: ['https://build.example'] }\n`,
      ':4: callbacks.hosts.0: "https://build.example" must be the name of a host, such as build.example.org',
    ],
    [
      'a base that is not on a host',
      `${LEAST}callbacks: { hosts: [a.example], base: 'https://b.example' }\n`,
      ':4: callbacks.base: must be on one of the hosts',
    ],
    [
      'a base at a port that is not listed',
      `${LEAST}callbacks: { hosts: ['a.example:8443'], base: 'https://a.example' }\n`,
      ':4: callbacks.base: must be on one of the hosts',
    ],
    [
      'a token that is for nobody',
      `${LEAST}callbacks: { hosts: [a.example], token: T }\n`,
      ':4: callbacks.token: needs callbacks.base',
    ],
    [
      'a distribution that nobody knows',
      `${LEAST}  distributions: [debain]\n`,
      ':4: scheduler.distributions.0: "debain" is not a distribution that is known; did you mean "debian"?',
    ],
    [
      'an architecture that is not offered',
      `${LEAST}  architectures: [aarch64]\n`,
      ': scheduler.architecture: must be one of scheduler.architectures',
    ],
    ['no YAML', 'queue: [\n', 'fleet.yaml:2: '],
  ])('is refused with %s, by its place', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message),
    });
  });

  it('is refused when it is not there', async () => {
    await expect(readConfig('/no/such.yaml', {})).rejects.toThrow('-c: cannot read "/no/such.yaml" (ENOENT)');
  });
});
