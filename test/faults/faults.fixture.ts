import type { BroadcastEvent } from '@alts/sdk';
import { TaskMessage } from '@alts/sdk';
import { type Fleet, QUEUE, type SchedulerName, type WorkerName } from './fleet.fixture.ts';

/** Stages that every test goes through, in which a worker may die. */
export const STAGES = [
  'start_environment',
  'initial_provision',
  'system_info',
  'install_package',
  'package_integrity_tests',
  'third_party_tests',
  'uninstall_package',
  'stop_environment',
] as const;
/** Workers that are killed; the third has its own misfortune. */
const MORTALS: readonly string[] = ['one', 'two'] satisfies WorkerName[];
const PATIENCE_MS = 90_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves with what is made of the first event that something is made of. */
export async function heard<T>(fleet: Fleet, pick: (event: BroadcastEvent) => T | undefined, what: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error(`never came: ${what}`)), PATIENCE_MS);
  const listening = fleet.broadcast.onAll((event) => {
    const picked = pick(event);
    if (picked !== undefined) resolve(picked);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await listening[Symbol.asyncDispose]();
  }
}

/** Kills the worker that says first that it is in the stage, and starts it again; for each stage. */
export async function killWorkersInEveryStage(fleet: Fleet): Promise<string[]> {
  const killed: string[] = [];
  for (const stage of STAGES) {
    const inStage = (event: BroadcastEvent): WorkerName | undefined => {
      if (event.kind !== 'test' || event.event.type !== 'stage-started' || event.event.stage !== stage)
        return undefined;
      return MORTALS.includes(event.worker ?? '') ? (event.worker as WorkerName) : undefined;
    };
    const worker = await heard(fleet, inStage, `a mortal worker in ${stage}`);
    await fleet.kill(worker);
    killed.push(`${worker} in ${stage}`);
    await fleet.startWorker(worker);
  }
  return killed;
}

/** Switched off without a word, and on again a while later. */
export async function restartBroker(fleet: Fleet): Promise<void> {
  await fleet.broker.stop();
  await sleep(3000);
  await fleet.broker.start();
}

/** `refuse`: as a service that is down. `cut`: it hangs, and so does who asks it. Until results wait on the disks of two workers. */
export async function stopStore(fleet: Fleet, how: 'refuse' | 'cut'): Promise<void> {
  fleet.lines.store[how]();
  const spooling = new Set<string>();
  const say = (event: BroadcastEvent) => {
    if (event.kind === 'worker' && event.state.spooled > 0) spooling.add(event.state.name);
    return spooling.size >= 2 ? true : undefined;
  };
  try {
    await heard(fleet, say, 'workers whose results wait on their disks');
  } finally {
    fleet.lines.store.mend();
  }
}

/** Long enough for the broker to give its tasks to others, while the worker knows nothing. */
export async function cutWorkerOff(fleet: Fleet): Promise<void> {
  fleet.lines.brokerOfThree.cut();
  await sleep(20_000);
  fleet.lines.brokerOfThree.mend();
}

/** All that is taken and not answered comes again, and some tasks a second time as messages of their own. */
export async function redeliver(fleet: Fleet, taskIds: readonly string[]): Promise<void> {
  await fleet.broker.exec('rabbitmqctl', '--quiet', 'close_all_connections', 'redelivery by a test');
  for (const taskId of taskIds) {
    const { request } = await fleet.ask<{ request: unknown }>('a', 'GET', `/tasks/${taskId}`);
    await fleet.queue.publish(QUEUE, TaskMessage.parse({ schemaVersion: 1, taskId, request }));
  }
}

/**
 * Tasks are accepted while there is no broker, so that they are committed and not published; then the schedulers that
 * accepted them die.
 */
export async function killSchedulersBeforePublish(
  fleet: Fleet,
  names: readonly SchedulerName[],
  post: (by: SchedulerName) => Promise<unknown>,
): Promise<void> {
  await fleet.broker.stop();
  for (const name of names) {
    await post(name);
    await fleet.kill(name);
  }
  await fleet.broker.start();
  for (const name of names) await fleet.startScheduler(name);
}
