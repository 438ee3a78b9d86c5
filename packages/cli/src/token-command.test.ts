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
  [{}, 'say either --secret or --secret-file'],
  [{ secret, secretFile: '/x' }, 'say either --secret or --secret-file'],
  [{ secretFile: '/no/such' }, '--secret-file: cannot read "/no/such" (ENOENT)'],
  [{ secret, scope: ['root'] }, '--scope: "root" is none of tasks:read'],
  [{ secret, expires: 'soon' }, '--expires: "soon" is not a time such as 30d'],
])('%j is refused', async (options, message) => {
  const making = tokenFor({ email: 'a@b', algorithm: 'HS256', ...options });
  await expect(making).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining(message) });
});
