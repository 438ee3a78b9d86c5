import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAMS, type Section } from './fleet-config.ts';
import { understandConfig } from './understand-config.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alts-sections-'));
  await writeFile(join(directory, 'here'), 'a secret of more than thirty-two bytes\n');
});
afterEach(() => rm(directory, { recursive: true }));

/** A secret of each program in a file of its own. */
const text = (scheduler: string, worker: string, shared = 'here') => `queue: { use: amqp, url: 'amqp://localhost' }
store: { use: s3, bucket: alts, accessKeyId: a, secretAccessKey_file: ${shared} }
scheduler: { token: { secret_file: ${scheduler} } }
callbacks: { hosts: [build.example], base: 'https://build.example', token_file: ${scheduler} }
worker: { queues: [docker-x86_64-0], exclusions_file: ${worker} }
`;
async function understand(content: string, sections?: readonly Section[], env: NodeJS.ProcessEnv = {}) {
  const path = join(directory, 'fleet.yaml');
  await writeFile(path, content);
  return understandConfig(path, env, { ...(sections && { sections }) });
}

describe('one file for all programs', () => {
  it('is read by a worker without the secrets of the scheduler, which it never sees', async () => {
    const { config } = await understand(text('none', 'here'), PROGRAMS.worker);
    expect(Object.keys(config).sort()).toEqual(['checkers', 'queue', 'runners', 'store', 'worker']);
    await expect(understand(text('none', 'here', 'none'), PROGRAMS.worker)).rejects.toThrow(
      'store.secretAccessKey_file',
    );
  });

  it('is read by a scheduler without those of workers, and by what makes tokens without all others', async () => {
    const { config } = await understand(text('here', 'none'), PROGRAMS.scheduler);
    expect(Object.keys(config).sort()).toEqual(['callbacks', 'queue', 'scheduler', 'store']);
    const alone = await understand(text('here', 'none', 'none'), PROGRAMS.schedulerAlone);
    expect(Object.keys(alone.config)).toEqual(['scheduler']);
  });

  it('is not said otherwise in a section that a program does not read', async () => {
    const env = { ALTS_SCHEDULER__PORT: 'x', ALTS_WORKER__CONCURRENCY: '4' };
    expect((await understand(text('none', 'here'), PROGRAMS.worker, env)).config).toMatchObject({
      worker: { concurrency: 4 },
    });
  });

  it('has no section that nobody knows, whoever reads it', async () => {
    const typo = text('none', 'here').replace('callbacks', 'calbacks');
    await expect(understand(typo, PROGRAMS.worker)).rejects.toThrow(
      ':4: file: unknown key "calbacks"; did you mean "callbacks"?',
    );
  });

  it('is checked as a whole: all files that cannot be read are named, and what else is wrong', async () => {
    const lines = await understand(text('none', 'nor-this').replace('bucket: alts', 'bucket: A')).catch(
      (error: Error) => error.message.split('\n'),
    );
    expect(lines).toEqual([
      expect.stringContaining(':3: scheduler.token.secret_file: cannot read "none" (ENOENT)'),
      expect.stringContaining(':4: callbacks.token_file: cannot read "none" (ENOENT)'),
      expect.stringContaining(':5: worker.exclusions_file: cannot read "nor-this" (ENOENT)'),
      expect.stringContaining(':2: store.bucket: must be the name of a bucket'),
    ]);
  });

  it('says nothing of what would have been in a file that cannot be read', async () => {
    const noUrl = text('here', 'here').replace("url: 'amqp://localhost'", 'url_file: none');
    await expect(understand(noUrl)).rejects.toThrow(/^\S+:1: queue\.url_file: cannot read "none" \(ENOENT\)$/);
  });
});
