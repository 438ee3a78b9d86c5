import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScheduler } from '@alts/scheduler';
import { createWorker, healthApp } from '@alts/worker';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from './config/read-config.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

it('the composition runs a configuration that is understood, and mounts what it names', async () => {
  const compose = parse(await read('docker-compose.yml')) as {
    services: Record<string, { volumes?: string[]; build?: { dockerfile: string; target: string } }>;
  };
  const directory = await mkdtemp(join(tmpdir(), 'alts-deploy-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'jwt'), 'a secret of more than thirty-two bytes');
  const text = (await read('deploy/compose/fleet.yaml')).replace('/run/secrets/jwt', join(directory, 'jwt'));
  await writeFile(join(directory, 'fleet.yaml'), text);
  const config = await readConfig(join(directory, 'fleet.yaml'));
  expect(config).toMatchObject({ queue: { use: 'amqp' }, store: { use: 's3' }, worker: { listen: { port: 8001 } } });
  const hosts = [new URL(String(config.queue['url'])).hostname, new URL(String(config.store['endpoint'])).hostname];
  expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(hosts));
  const targets = [...(await read('deploy/Dockerfile')).matchAll(/^FROM .* AS (\w+)$/gm)].map(([, name]) => name);
  for (const { build } of Object.values(compose.services)) if (build) expect(targets).toContain(build.target);
});

it('the dashboard shows what the programs tell', async () => {
  const nothing = { queue: {}, broadcast: {}, store: {}, runners: new Map(), log: {} } as never;
  const counts = { counts: async () => new Map(), count: async () => 0 };
  const { app } = createScheduler({ ...(nothing as object), table: counts, callbacks: counts } as never);
  const told = [
    await (await app.request('/metrics')).text(),
    await (await healthApp(createWorker(nothing, { queues: [], spool: 'spool' })).request('/metrics')).text(),
  ].join('\n');
  const names = new Set([...told.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
  const shown = [...(await read('deploy/grafana/alts.json')).matchAll(/alts_\w+/g)].map(([name]) => name);
  const unknown = shown.filter((name) => !names.has(name.replace(/_(count|bucket|sum)$/, '')));
  expect(shown.length).toBeGreaterThan(6);
  expect(unknown).toEqual([]);
});
