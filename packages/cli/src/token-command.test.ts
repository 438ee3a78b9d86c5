import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenOptions, tokenVerifier } from '@alts/scheduler';
import { expect, it, onTestFinished } from 'vitest';
import { alts } from './alts-process.fixture.ts';
import type { TokenCommandOptions } from './commands/token.ts';
import { tokenFor } from './print-token.ts';

const secret = 'a secret of more than thirty-two bytes';

it('makes a token that a scheduler with that secret takes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alts-token-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'jwt.secret');
  await writeFile(file, `${secret}\n`);
  const made = await alts([
    'token',
    '--email',
    'ci@example.org',
    '--expires',
    '30d',
    '--scope',
    'tasks:read',
    '--secret-file',
    file,
  ]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const verify = await tokenVerifier(TokenOptions.parse({ secret }));
  expect(await verify(made.stdout.trim())).toEqual({ name: 'ci@example.org', scopes: new Set(['tasks:read']) });
  const claims = JSON.parse(Buffer.from(made.stdout.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  expect(claims.exp - Date.now() / 1000).toBeGreaterThan(29 * 86_400);
});

it.each<[Partial<TokenCommandOptions>, string]>([
  [{ email: 'joe', secret }, '--email: "joe" is not an address'],
  [{ secret: 'secret' }, '--secret: the secret is that of the examples'],
  [{ secret: 'short' }, '--secret: the secret has 5 bytes; it must have 32'],
  [{}, 'say either --config, --secret or --secret-file'],
  [{ secret, secretFile: '/x' }, 'say either --config, --secret or --secret-file'],
  [{ secretFile: '/no/such' }, '--secret-file: cannot read "/no/such" (ENOENT)'],
  [{ secret, config: 'fleet.yaml' }, 'say either --config, --secret or --secret-file'],
  [{ config: '/no/such.yaml' }, '-c: cannot read "/no/such.yaml" (ENOENT)'],
  [{ secret, scope: ['root'] }, '--scope: "root" is none of tasks:read'],
  [{ secret, expires: 'soon' }, '--expires: "soon" is not a time such as 30d'],
])('%j is refused', async (options, message) => {
  const making = tokenFor({ email: 'a@b', algorithm: 'HS256', ...options });
  await expect(making).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining(message) });
});

const PYTHON = `rabbitmq_host: broker.example
rabbitmq_user: test-system
rabbitmq_password: x
task_acks_late: true
jwt_secret: '${secret}'
hashing_algorithm: HS512
`;
const NEW = `queue: { use: amqp, url: 'amqp://broker.example' }
scheduler: { token: { secret: '${secret}', algorithm: HS512, issuer: alts, audience: scheduler } }
`;

async function written(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-token-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'config.yaml'), text);
  return join(directory, 'config.yaml');
}

it('takes secret and algorithm from a configuration of the Python system, as its generate_jwt_token.py did', async () => {
  const path = await written(PYTHON);
  const made = await alts([
    'token',
    '-c',
    path,
    '-e',
    'a@b.example',
    '--scope',
    'tasks:read',
    '--scope',
    'tasks:write',
  ]);
  expect(made).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^\S+ warn \S+: task_acks_late is obsolete: .*\n$/),
  });
  const verify = await tokenVerifier(TokenOptions.parse({ secret, algorithm: 'HS512' }));
  expect(await verify(made.stdout.trim())).toEqual({
    name: 'a@b.example',
    scopes: new Set(['tasks:read', 'tasks:write']),
  });
});

it('warns of a token that may do nothing, and only of that', async () => {
  const warning = async (options: Partial<TokenCommandOptions>) =>
    (await tokenFor({ email: 'a@b.example', ...options })).warning;
  expect(await warning({ secret })).toContain('without --scope the token may do nothing');
  expect(await warning({ config: await written(NEW) })).toContain('without --scope');
  expect(await warning({ secret, scope: ['tasks:read'] })).toBeUndefined();
  // Tokens of the Python system have no scopes, and may do everything.
  expect(await warning({ config: await written(PYTHON) })).toBeUndefined();
  const made = await alts(['token', '-e', 'a@b.example', '--secret', secret]);
  expect(made).toMatchObject({ code: 0, stderr: expect.stringMatching(/^alts: without --scope [^\n]+\n$/) });
  expect(made.stdout.split('.')).toHaveLength(3);
});

it('says in a token what the configuration wants there', async () => {
  const { token } = await tokenFor({ email: 'a@b.example', config: await written(NEW) });
  const verify = await tokenVerifier(
    TokenOptions.parse({ secret, algorithm: 'HS512', issuer: 'alts', audience: 'scheduler' }),
  );
  expect(await verify(token)).toMatchObject({ name: 'a@b.example' });
});

it.each<[string, string, Partial<TokenCommandOptions>, string]>([
  ['of another algorithm', NEW, { algorithm: 'HS256' }, '--algorithm: HS256 is not that of '],
  ['without a scheduler', 'queue: { use: amqp }\n', {}, 'scheduler.token: is missing (jwt_secret'],
  ['with a weak secret', PYTHON.replace(secret, 'secret'), {}, 'scheduler.token: the secret is that of the examples'],
  [
    'with a public key',
    NEW.replace(/token: .*/, "token: { algorithm: RS256, jwksUrl: 'https://keys.example' } }"),
    {},
    'has no secret; only who has the private key can make tokens',
  ],
])('refuses a configuration %s', async (_, text, options, message) => {
  const making = tokenFor({ email: 'a@b', ...options, config: await written(text) });
  await expect(making).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining(message) });
});
