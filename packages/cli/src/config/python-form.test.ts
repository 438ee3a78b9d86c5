import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alts, start } from '../alts-process.fixture.ts';
import { PROGRAMS } from './fleet-config.ts';
import { understandConfig } from './understand-config.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-python-'));
});
afterEach(() => rm(directory, { recursive: true }));

const SECRET = '0123456789abcdef0123456789abcdef';
/** Nothing listens there: programs start, and wait for their broker. */
const FLAT = `---
rabbitmq_host: 127.0.0.1
rabbitmq_port: 1
rabbitmq_user: test-system
rabbitmq_password: 'p@ss/w%rd'
rabbitmq_vhost: test_system
result_backend: file://RESULTS
worker_prefetch_multiplier: 1
task_acks_late: yes
jwt_secret: ${SECRET}
bs_host: https://build.example.org
bs_token: token-of-the-web-server
supported_architectures: [aarch64]
`;
const NESTED = `use_ssl: true
ssl_config:
  broker_ca_certificates: tls/ca.pem
  security_certificate: tls/client.pem
  security_key: tls/client.key
broker_config:
  rabbitmq_host: broker.example
  rabbitmq_user: test-system
  rabbitmq_password: password-of-the-broker
  rabbitmq_vhost: /
results_backend_config:
  azure_connection_string: AccountName=alts;AccountKey=key-of-the-account
  azureblockblob_container_name: results
opennebula_config: { rpc_endpoint: 'http://one', password: one }
jwt_secret: ${SECRET}
`;
const SECRETS = ['token-of-the-web-server', 'password-of-the-broker', 'p%40ss', 'key-of-the-account', SECRET];

async function written(text: string, name = 'alts_config.yaml'): Promise<string> {
  await mkdir(join(directory, 'tls'), { recursive: true });
  for (const file of ['ca.pem', 'client.pem', 'client.key']) {
    await writeFile(join(directory, 'tls', file), `-----BEGIN ${file}-----\n`);
  }
  await writeFile(join(directory, name), text.replace('RESULTS', join(directory, 'results')));
  return join(directory, name);
}

const understood = async (name: string) => (await understandConfig(join(directory, name), {})).config;
const run = (...args: string[]) => alts(args, {}, directory);

describe('a program with a configuration of the Python system', () => {
  it.each([
    ['scheduler', 'listening', 'info listening url=http://127.0.0.1:'],
    // There is no broker, and maybe no engine.
    ['worker', 'taking no tasks', 'warn taking no tasks for the time being'],
  ])('%s starts, and says in a line each what means something else now', async (program, words, line) => {
    const path = await written(FLAT);
    const env = {
      ALTS_QUEUE__TIMEOUT_MS: '300',
      ALTS_SCHEDULER__PORT: '0',
      ALTS_SCHEDULER__DATABASE: join(directory, 'tasks.sqlite'),
    };
    const started = start([program, '-c', path], env, directory);
    await started.said(words);
    started.child.kill('SIGKILL');
    const { stderr } = await started.finished;
    expect(stderr).toContain(line);
    expect(stderr).toContain('worker_prefetch_multiplier is obsolete, see worker.concurrency: ');
    expect(stderr.match(/ warn (?!taking no tasks|nobody could look)/g)).toHaveLength(2);
  });

  it('is told by the environment, in the names of the new form', async () => {
    const { config } = await understandConfig(await written(FLAT), { ALTS_QUEUE__URL: 'amqp://other' });
    expect(config.queue).toEqual({ use: 'amqp', url: 'amqp://other' });
  });

  it('names the key of the file for what is wrong in the new form', async () => {
    const s3 = FLAT.replace(/result_backend: .*/, 'result_backend: s3').concat('s3_bucket: A\n');
    const understanding = understandConfig(await written(s3), {});
    await expect(understanding).rejects.toThrow(/:14: s3_bucket: must be the name of a bucket.* \(store\.bucket\)$/);
  });

  it('names the variable for what is wrong there', async () => {
    const understanding = understandConfig(await written(FLAT), { ALTS_SCHEDULER__TOKEN__SECRET: '' });
    await expect(understanding).rejects.toThrow(/^ALTS_SCHEDULER__TOKEN__SECRET: scheduler\.token\.secret: [^\n]*$/);
  });

  it('may have secrets in files', async () => {
    const path = await written(FLAT.replace(/jwt_secret: .*/, 'jwt_secret_file: jwt.secret'));
    await writeFile(join(directory, 'jwt.secret'), `${SECRET}\n`);
    expect((await understandConfig(path, {})).config.scheduler?.token).toMatchObject({ secret: SECRET });
  });

  it('reads no secret of another program', async () => {
    const text = FLAT.replace(/jwt_secret: .*/, 'jwt_secret_file: jwt.secret').replace(
      /bs_token: .*/,
      'bs_token_file: bs',
    );
    const path = await written(text);
    const { config } = await understandConfig(path, {}, { sections: PROGRAMS.worker });
    expect(config).toMatchObject({ queue: { use: 'amqp' }, worker: { concurrency: 1 } });
    await expect(understandConfig(path, {})).rejects.toThrow(
      `${path}:10: jwt_secret_file: cannot read "jwt.secret" (ENOENT)\n${path}:12: bs_token_file: cannot read "bs" (ENOENT)`,
    );
  });

  it.each([
    ['a typo', `${FLAT}s3_buckt: x\n`, 'unknown key "s3_buckt"; did you mean "s3_bucket"?'],
    ['a wrong value', FLAT.replace('_port: 1', '_port: x'), ':3: rabbitmq_port: "x" must be a whole number'],
    [
      'a file that is not there',
      NESTED.replace('tls/ca', 'tls/no'),
      'ssl_config.broker_ca_certificates: cannot read "tls/no.pem"',
    ],
    [
      'keys of the new form',
      `${FLAT}queue: { use: amqp }\n`,
      'rabbitmq_host is a key of the Python system, queue one of',
    ],
  ])('is refused with %s, by its place', async (_, text, message) => {
    const { code, stdout, stderr } = await run('config', 'check', await written(text));
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^alts: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('alts config check', () => {
  it('says what became of each key, then what was understood, without secrets', async () => {
    const { code, stdout, stderr } = await run('config', 'check', await written(FLAT));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# {3}worker_prefetch_multiplier {2}obsolete {4}worker.concurrency {6} *a worker takes/m);
    expect(stdout).toMatch(/^# {3}rabbitmq_host {15}understood {2}queue.url$/m);
    expect(stdout).toMatch(/^ {2}base: https:\/\/build.example.org$/m);
    for (const secret of SECRETS) expect(stdout).not.toContain(secret);
  });
});

describe('alts config convert', () => {
  it.each([
    ['flat', FLAT],
    ['nested', NESTED],
  ])('writes what is understood as the %s file was', async (_, text) => {
    const path = await written(text);
    const { code, stdout, stderr } = await run('config', 'convert', path, '-o', 'fleet.yaml');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(
      /^alts: fleet\.yaml: has secrets as they were, .*: queue\.url, .*scheduler\.token\.secret.*\n$/,
    );
    expect((await stat(join(directory, 'fleet.yaml'))).mode & 0o777).toBe(0o600);
    expect(await understood('fleet.yaml')).toEqual(await understood('alts_config.yaml'));
    expect((await understandConfig(join(directory, 'fleet.yaml'), {})).notes).toBeUndefined();
  });

  it.each([
    ['flat', FLAT],
    ['nested', NESTED],
  ])('puts the secrets of a %s file into files that nobody else can read', async (_, text) => {
    const path = await written(text);
    await mkdir(join(directory, 'etc'));
    const { code, stderr } = await run('config', 'convert', path, '-o', 'etc/fleet.yaml', '--secrets-dir', 'secrets');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('its secrets are in secrets') });
    const made = await readFile(join(directory, 'etc/fleet.yaml'), 'utf8');
    for (const secret of SECRETS) expect(made).not.toContain(secret);
    expect(made).toContain('secret_file: ../secrets/scheduler.token.secret');
    expect((await stat(join(directory, 'secrets/scheduler.token.secret'))).mode & 0o777).toBe(0o600);
    expect(await understood('etc/fleet.yaml')).toEqual(await understood('alts_config.yaml'));
  });

  it('says as comments what it left out, and why', async () => {
    const { stdout } = await run('config', 'convert', await written(`${FLAT}opennebula_password: one-password\n`));
    expect(stdout).toContain(
      '# worker_prefetch_multiplier (obsolete): a worker takes as many tasks as it runs at once\nworker:',
    );
    expect(stdout).toMatch(/^# Left out:\n# task_acks_late \(obsolete\): /m);
    expect(stdout).toMatch(
      /^# opennebula_password \(ignored\): needs a runner opennebula, which is not part of this version/m,
    );
    expect(stdout).not.toContain('one-password');
  });

  it('writes over nothing without --force', async () => {
    const path = await written(FLAT);
    await written('mine\n', 'fleet.yaml');
    const args = ['config', 'convert', path, '-o', 'fleet.yaml', '--secrets-dir', 'secrets'];
    expect(await run(...args)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'alts: fleet.yaml: is there already; --force writes over it\n',
    });
    expect(await readFile(join(directory, 'fleet.yaml'), 'utf8')).toBe('mine\n');
    await expect(stat(join(directory, 'secrets'))).rejects.toThrow('ENOENT');
    expect((await run(...args, '--force')).code).toBe(0);
    expect(await understood('fleet.yaml')).toEqual(await understood('alts_config.yaml'));
    expect((await run('config', 'convert', path, '-o', 'other.yaml', '--secrets-dir', 'secrets')).stderr).toContain(
      'secrets/queue.url: is there already',
    );
  });

  it.each([
    ['a file of the new form', "queue: { use: amqp, url: 'amqp://x' }\n", 'has no key of the Python system'],
    [
      'a file with secrets in files',
      FLAT.replace('bs_token: ', 'bs_token_file: tls/ca.pem #'),
      'bs_token_file: say --secrets-dir',
    ],
    ['a file that is wrong', FLAT.replace('_port: 1', '_prot: 1'), 'did you mean "rabbitmq_port"?'],
  ])('refuses %s', async (_, text, message) => {
    const { code, stdout, stderr } = await run('config', 'convert', await written(text));
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
