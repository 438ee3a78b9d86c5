import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScheduler } from '@alts/scheduler';
import { parseRequest } from '@alts/sdk';
import { createWorker, healthApp } from '@alts/worker';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { PROGRAMS } from './config/fleet-config.ts';
import { readConfig } from './config/read-config.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

/** The configuration of the composition, with a secret of its own beside it. */
async function composedConfig() {
  const directory = await mkdtemp(join(tmpdir(), 'alts-deploy-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'jwt'), 'a secret of more than thirty-two bytes');
  const path = join(directory, 'fleet.yaml');
  await writeFile(path, (await read('deploy/compose/fleet.yaml')).replace('/run/secrets/jwt', 'jwt'));
  return readConfig(path);
}

it('the composition runs a configuration that is understood, and mounts what it names', async () => {
  const compose = parse(await read('docker-compose.yml')) as {
    services: Record<string, { volumes?: string[]; build?: { dockerfile: string; target: string } }>;
  };
  const config = await composedConfig();
  expect(config).toMatchObject({ queue: { use: 'amqp' }, store: { use: 's3' }, worker: { listen: { port: 8001 } } });
  const hosts = [new URL(String(config.queue['url'])).hostname, new URL(String(config.store['endpoint'])).hostname];
  expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(hosts));
  const targets = [...(await read('deploy/Dockerfile')).matchAll(/^FROM .* AS (\w+)$/gm)].map(([, name]) => name);
  for (const { build } of Object.values(compose.services)) if (build) expect(targets).toContain(build.target);
  // A worker makes no tokens, and needs none.
  expect(compose.services['worker']).not.toHaveProperty('secrets');
  const own = await readConfig(join(root, 'deploy/compose/fleet.yaml'), {}, { sections: PROGRAMS.worker });
  expect(own.worker).toMatchObject({ queues: ['docker-x86_64-0'] });
});

it('secrets of this machine get neither into the images nor into the repository', async () => {
  const { secrets } = parse(await read('docker-compose.yml')) as { secrets: Record<string, { file: string }> };
  const files = ['.env', ...Object.values(secrets).map(({ file }) => file)];
  const ignored = execFileSync('git', ['check-ignore', ...files], { cwd: root, encoding: 'utf8' });
  expect(ignored.trim().split('\n')).toEqual(files);
  const left = (await read('.dockerignore')).split('\n');
  for (const file of files) expect(left, file).toContain(file.split('/')[0]);
});

it('units and containers are waited for as long as a worker drains, and the end of its last test takes', async () => {
  const { services } = parse(await read('docker-compose.yml')) as {
    services: { worker: { stop_grace_period: string } };
  };
  const unit = /^TimeoutStopSec=(\d+)$/m.exec(await read('deploy/systemd/alts-worker@.service'))?.[1];
  const { worker } = await composedConfig();
  const { timeoutsMs } = parseRequest({ package: { name: 'hello' }, system: 'debian:12' });
  const least = (worker?.drainSeconds ?? 0) + timeoutsMs.stop_environment / 1000;
  expect(Number(unit)).toBeGreaterThan(least);
  expect(Number.parseInt(services.worker.stop_grace_period, 10) * 60).toBeGreaterThan(least);
});

it('the dashboard shows what the programs tell', async () => {
  const nothing = { queue: {}, broadcast: {}, store: {}, runners: new Map(), log: {} } as never;
  const silent = { info() {}, warn() {}, error() {} };
  const counts = {
    counts: async () => new Map(),
    count: async () => 0,
    countsByQueue: async () => [],
    recentQueues: async () => [],
  };
  const { app } = createScheduler({ ...(nothing as object), table: counts, callbacks: counts, log: silent } as never);
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
