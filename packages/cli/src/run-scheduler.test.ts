import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenVerifier } from '@alts/scheduler';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from './config/read-config.ts';
import { tokenFor } from './print-token.ts';
import { runScheduler } from './run-scheduler.ts';

async function written(secret: string): Promise<{ readonly config: string; readonly secretFile: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-secret-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const [config, secretFile] = [join(directory, 'fleet.yaml'), join(directory, 'jwt.secret')];
  await writeFile(
    config,
    `queue: { use: amqp, url: 'amqp://localhost' }\nscheduler: { token: { secret_file: jwt.secret } }\n`,
  );
  await writeFile(secretFile, secret);
  return { config, secretFile };
}

it.each([
  ['short\n', 'scheduler.token: the secret has 5 bytes; it must have 32; for a try, say --dev'],
  ['thirty-two bytes that nobody knows', 'scheduler.token: the secret is that of the examples'],
  ['changeme'.repeat(5), 'scheduler.token: the secret is the same few characters over and over'],
])('a scheduler with the secret %j does not start', async (secret, message) => {
  const { config } = await written(secret);
  await expect(runScheduler({ config })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining(message),
  });
});

it.each(['', '\n', '\r\n', ' \n', '\n\n'])(
  'a secret in a file with %j at its end is the same to the scheduler and to alts token',
  async (end) => {
    const { config, secretFile } = await written(`a secret of more than thirty-two bytes${end}`);
    const token = (await readConfig(config)).scheduler?.token;
    const verify = token && (await tokenVerifier(token));
    const made = await tokenFor({ email: 'a@b.example', scope: ['tasks:read'], secretFile });
    expect(await verify?.(made.token)).toMatchObject({ name: 'a@b.example' });
  },
);
