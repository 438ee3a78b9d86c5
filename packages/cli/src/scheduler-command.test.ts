import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { alts } from './alts-process.fixture.ts';

const FLEET = `queue: { use: amqp, url: 'amqp://broker.example' }
scheduler: { database: tasks.sqlite, token: { secret: 'a secret of more than thirty-two bytes' } }
`;

it.each([
  ['behind the command', ['scheduler', 'migrate', '-c', 'fleet.yaml']],
  ['before it', ['scheduler', '-c', 'fleet.yaml', 'migrate']],
])('migrates the tables of the configuration that is named %s, once, and says what it did', async (_, args) => {
  const cwd = await mkdtemp(join(tmpdir(), 'alts-migrate-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'fleet.yaml'), FLEET);
  const first = await alts(args, {}, cwd);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^migrated: 0001-tasks, [\w, -]+\n$/);
  expect(await alts(args, {}, cwd)).toEqual({ code: 0, stdout: 'nothing to migrate\n', stderr: '' });
});

it('says that the configuration is missing, and shows how to name it', async () => {
  const missing = await alts(['scheduler', 'migrate']);
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain('--config <file>');
  const help = await alts(['scheduler', 'migrate', '--help']);
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--config <file>') });
});
