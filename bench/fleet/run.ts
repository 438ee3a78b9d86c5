/**
 * What the fleet costs, with a real RabbitMQ: the second half of `npm run bench`, and `npm run bench:fleet` alone.
 * Ratios are to a floor of the same run; ALTS_BENCH_TASKS sets how many tasks are drained.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startPostgreSql } from '../../fixtures/services/postgres.ts';
import { startRabbitMq } from '../../fixtures/services/rabbitmq.ts';
import { alternate, HEADER, row } from '../measure.ts';
import { bareServer, measurePublishing } from './floors.ts';
import { type Answered, load } from './load.ts';
import { CLI, Programs } from './programs.ts';

const SECONDS = 8;
const WARM_UP_SECONDS = 6;
const MANY = Number(process.env['ALTS_BENCH_TASKS'] ?? 20_000);
const BATCH = 1000;
const ROUNDS = 5;
const payload = JSON.stringify({
  runner_type: 'noop',
  dist_name: 'debian',
  dist_version: '12',
  dist_arch: 'x86_64',
  package_name: 'hello',
  bs_task_id: 7,
});

const posting = (token: string) => ({ token, method: 'POST', body: payload, expects: 201 }) as const;
const figures = ({ perSecond, p50, p99 }: Answered) =>
  `${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms`;
const line = (what: string, said: string) => console.log(`${what.padEnd(50)}${said}`);

const directory = await mkdtemp(join(tmpdir(), 'alts-bench-fleet-'));
const broker = await startRabbitMq('3.10');
try {
  await measureHttp();
  await measureQueue();
  await measureDraining();
  await measureOne();
} finally {
  await broker[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
}

async function fleet(database?: string): Promise<Programs> {
  const own = await mkdtemp(join(directory, 'fleet-'));
  return Programs.create(own, broker.url, database);
}

async function measureHttp(): Promise<void> {
  await using bare = await bareServer();
  const floors = new Map<number, number>();
  for (const connections of [8, 64]) {
    const floor = await load({ ...posting(''), url: `${bare.url}/`, connections, seconds: SECONDS / 2 });
    line(`a bare server, POST, ${connections} connections`, `${figures(floor)}  the floor`);
    floors.set(connections, floor.perSecond);
  }
  await measureScheduler('SQLite', floors);
  await using postgres = await startPostgreSql();
  await measureScheduler('PostgreSQL', floors, postgres.url);
}

async function measureScheduler(kind: string, floors: ReadonlyMap<number, number>, database?: string): Promise<void> {
  await using programs = await fleet(database);
  await programs.startScheduler();
  const { token } = programs;
  const call = { ...posting(token), url: `${programs.url}/tasks/schedule` };
  // A scheduler that has run for a while is what clients meet.
  await load({ ...call, connections: 8, seconds: WARM_UP_SECONDS });
  for (const [connections, floor] of floors) {
    const posted = await load({ ...call, connections, seconds: SECONDS });
    const ratio = (posted.perSecond / floor).toFixed(2);
    const goal = database === undefined ? ' (goal 4890/s)' : '';
    line(`POST /tasks/schedule, ${kind}, ${connections} connections`, `${figures(posted)}  ratio ${ratio}${goal}`);
  }
  const { task_id } = await programs.ask<{ task_id: string }>('POST', '/tasks/schedule', JSON.parse(payload));
  const url = `${programs.url}/tasks/${task_id}/result`;
  const got = await load({ url, token, method: 'GET', connections: 1, expects: 200, seconds: SECONDS / 2 });
  line(`GET /tasks/{id}/result, ${kind}, while pending`, `${figures(got)}  (goal: p50 under 2 ms)`);
}

async function measureQueue(): Promise<void> {
  const { raw, queue } = await measurePublishing(broker.url, 5000);
  line('publish, amqplib with confirms', `${raw.toFixed(0).padStart(6)}/s  the floor`);
  line('publish, @alts/queue-amqp', `${queue.toFixed(0).padStart(6)}/s  ratio ${(queue / raw).toFixed(2)}`);
}

async function measureDraining(): Promise<void> {
  await broker.exec('rabbitmqctl', '--quiet', 'purge_queue', 'noop-x86_64-0');
  await using programs = await fleet();
  await programs.startScheduler();
  const packages = Array.from({ length: BATCH }, (_, at) => ({ name: `package-${at}` }));
  for (let done = 0; done < MANY; done += BATCH) {
    await programs.ask('POST', '/tasks/batch', { packages, systems: ['debian:12/x86_64'] });
  }
  const memory: string[] = [];
  const look = async (when: string) => {
    memory.push(`${when}: scheduler ${await programs.memory('scheduler')}, worker ${await programs.memory('worker')}`);
  };
  await programs.startWorker(20);
  const started = performance.now();
  await look('start');
  let half = false;
  for (let left = await programs.unfinished(); left > 0; left = await programs.unfinished()) {
    if (!half && left < MANY / 2) {
      half = true;
      await look('middle');
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await look('end');
  const perSecond = MANY / ((performance.now() - started) / 1000);
  line(`${MANY} tasks drained by one worker`, `${perSecond.toFixed(0).padStart(6)}/s  from the queue to the report`);
  line('resident memory, MiB', memory.join('; '));
}

/** The same test by `alts test`, which starts for it, and through a fleet, which is there. */
async function measureOne(): Promise<void> {
  await using programs = await fleet();
  await programs.startScheduler();
  await programs.startWorker(1);
  const request = { ...JSON.parse(payload), runner_type: 'docker' };
  const through = async () => {
    const { task_id } = await programs.ask<{ task_id: string }>('POST', '/tasks/schedule', request);
    for (;;) {
      const { state } = await programs.ask<{ state: string }>('GET', `/tasks/${task_id}/result`);
      if (state === 'SUCCESS') return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const plain = () => execa('node', [CLI, 'test', 'hello', '--on', 'debian:12', '--output', directory]);
  const took = await alternate({ plain, through }, ROUNDS);
  console.log(HEADER);
  console.log(row('hello on debian:12, alts test', took.plain, 'the floor'));
  const ratio = (took.through.median / took.plain.median).toFixed(2);
  console.log(row('the same through the fleet, POST to SUCCESS', took.through, `ratio ${ratio}`));
}
