import type { Environment, ExecOptions } from '../contracts/environment.ts';
import { LaneCommand, ReadingLane } from './reading-lane.ts';

/** As many as there are always processors for; a third would cost more to start than it saves. */
const MAX_LANES = 2;

/** An environment for commands that read, which is closed when it is no longer needed. */
export interface ReadingEnvironment extends Environment {
  /** Starts its shells before they are needed: while something else takes its time. */
  warm(): void;
  /** Resolves when its shells are gone. */
  close(): Promise<void>;
}

/**
 * Runs commands in shells that stay: to start a command in a container takes longer than most that only read, and an
 * engine starts one at a time. For commands that read and end by themselves, in `/` and by the superuser; any other is
 * run as ever. All that `Environment.exec` promises is kept but one thing: exit 129 and above is taken for a signal.
 */
export function readingEnvironment(environment: Environment): ReadingEnvironment {
  /** Also those that take no more commands, until their shell is gone. */
  const lanes = new Set<ReadingLane>();
  const start = (): ReadingLane => {
    const lane = new ReadingLane(environment);
    lanes.add(lane);
    void lane.gone.then(() => lanes.delete(lane));
    return lane;
  };
  const enqueue = (command: LaneCommand): void => {
    const open = [...lanes].filter((lane) => !lane.closed).sort((a, b) => a.waiting - b.waiting);
    const [best] = open;
    const lane = best && (best.waiting === 0 || open.length >= MAX_LANES) ? best : start();
    lane.add(command);
  };
  const giveUp = (command: LaneCommand): void => {
    const others = [...lanes].flatMap((lane) => lane.abandon(command));
    // Those that the same signal aborts know of it by then.
    setImmediate(() => others.filter((other) => !other.settled).forEach(enqueue));
  };
  return {
    ...environment,
    read: environment.read.bind(environment),
    write: environment.write.bind(environment),
    async exec(words, options = {}) {
      if (options.cwd !== undefined || options.user !== undefined) return environment.exec(words, options);
      options.signal?.throwIfAborted();
      const stdin = options.stdin && Buffer.concat(await Array.fromAsync(options.stdin));
      const command = new LaneCommand(words, options, stdin);
      using _limits = limited(command, options, () => giveUp(command));
      enqueue(command);
      return await command.result.catch((error: unknown) => {
        giveUp(command);
        throw error;
      });
    },
    warm() {
      const open = [...lanes].filter((lane) => !lane.closed).length;
      for (let count = open; count < MAX_LANES; count += 1) start();
    },
    async close() {
      for (const lane of lanes) lane.close();
      await Promise.all([...lanes].map((lane) => lane.gone));
    },
  };
}

/** Ends a command at its limit, or when its signal aborts. */
function limited(command: LaneCommand, { signal, timeoutMs }: ExecOptions, giveUp: () => void): Disposable {
  const onAbort = (): void => {
    command.reject(signal?.reason);
    giveUp();
  };
  const onLimit = (): void => {
    command.resolve({ type: 'time-limit', limitMs: timeoutMs ?? 0 });
    giveUp();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  // What it waits for others is not its own time.
  if (timeoutMs !== undefined) command.onBegin = () => (timer = setTimeout(onLimit, timeoutMs));
  return {
    [Symbol.dispose]() {
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    },
  };
}
