import { setTimeout as sleep } from 'node:timers/promises';
import { dockerRunner } from '@alts/runner-docker';
import { createScheduler, makeToken, openTables, TokenOptions, tokenVerifier } from '@alts/scheduler';
import { directoryStore, memoryBroadcast, memoryQueue } from '@alts/sdk';
import { createWorker } from '@alts/worker';

const secret = 'thirty-two bytes that nobody knows';
await using queue = memoryQueue();
await using broadcast = memoryBroadcast();
await using tables = await openTables('tasks.sqlite');
const shared = { queue, broadcast, store: directoryStore('results'), log: console };

await using scheduler = createScheduler({
  ...shared,
  ...tables,
  verify: await tokenVerifier(TokenOptions.parse({ secret })),
  offer: { runners: ['docker'], architecture: 'x86_64' },
});
const worker = createWorker(
  { ...shared, runners: new Map([['docker', dockerRunner()]]) },
  { queues: ['docker-x86_64-0'], spool: 'spool' },
);
scheduler.start();
await worker.start();

// An application of Hono: mounted in another, served by serveApp(), or asked as it is.
const me = { email: 'me@example.org', scopes: ['tasks:read', 'tasks:write'] } as const;
const authorization = `Bearer ${await makeToken({ secret, algorithm: 'HS256' }, me)}`;
interface Task {
  readonly id: string;
  readonly package: string;
  readonly state: string;
  readonly verdict: string | null;
}
async function ask(path: string, init: RequestInit = {}): Promise<Task> {
  const response = await scheduler.app.request(path, { ...init, headers: { authorization } });
  return (await response.json()) as Task;
}
const body = JSON.stringify({ package: { name: 'hello' }, system: 'debian:12' });
const { id } = await ask('/tasks', { method: 'POST', body });
let task = await ask(`/tasks/${id}`);
for (; task.state !== 'finished'; task = await ask(`/tasks/${id}`)) await sleep(500);
console.log(`${task.package}: ${task.verdict}`);
await worker.stop();
