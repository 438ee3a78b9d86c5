import {
  AltsError,
  type Architecture,
  assertKnownSystem,
  type Priority,
  parseRequest,
  type TestRequest,
} from '@alts/sdk/plugin';
import type { AppParts } from '../parts.ts';
import type { NewTask } from '../table/new-task.ts';
import { callbackTarget } from './callback-target.ts';
import { queueName } from './queue-name.ts';
import { timedUuid } from './timed-uuid.ts';

/** There is another task with the id that a client has chosen. */
export class TakenTaskId extends AltsError {
  constructor(cause: AltsError) {
    super('invalid_request', cause.message, { cause });
  }
}

/** What tasks may ask for. */
export interface Offer {
  /** Short names of runners that workers have; the first is for tasks that take any. */
  readonly runners: readonly string[];
  /** Of a task that names none. */
  readonly architecture: Architecture;
  /** Those that workers have. Left out: all that are known. */
  readonly architectures?: readonly Architecture[] | undefined;
  /** Those that are tested here. Left out: all that are known. */
  readonly distributions?: readonly string[] | undefined;
}

export interface TaskInput {
  /** A request, not yet checked. */
  readonly request: unknown;
  /** Left out, or `any`: whichever comes first. */
  readonly runner?: string | undefined;
  readonly externalId?: string | undefined;
  readonly callbackHref?: string | undefined;
  readonly rerunOf?: string | undefined;
  readonly priority?: Priority | undefined;
  /** Id of a task that may come again: the second time it is there already, and that is all right. */
  readonly taskId?: string | undefined;
}

type Parts = Pick<AppParts, 'table' | 'offer' | 'accepted' | 'callbackOptions'>;

/**
 * Accepts a task. When this resolves it is on the disk, and will be run.
 * @returns its id
 * @throws {AltsError} `invalid_request`, with the name of the field; `store_unavailable`
 * @throws {TakenTaskId}
 */
export async function acceptTask(parts: Parts, input: TaskInput): Promise<string> {
  const [id] = await acceptTasks(parts, [input]);
  return id as string;
}

/**
 * Accepts tasks; none of them where one is wrong, and none where they cannot be kept.
 * @returns their ids, in the same order
 * @throws {AltsError} as {@link acceptTask}
 */
export async function acceptTasks(parts: Parts, inputs: readonly TaskInput[]): Promise<string[]> {
  const tasks = inputs.map((input) => newTask(parts, input));
  const missing = async () => {
    const areThere = await Promise.all(tasks.map((task, at) => isThere(parts.table, task, inputs[at])));
    return tasks.filter((_, at) => !areThere[at]);
  };
  const fresh = await missing();
  try {
    if (fresh.length > 0) for (const row of await parts.table.acceptAll(fresh)) parts.accepted(row);
  } catch (error) {
    // Of two that are the same and come at once, one is first.
    if ((await missing()).length === 0) return tasks.map(({ message }) => message.taskId);
    // All else that is wrong with them was said before.
    throw AltsError.is(error) && error.code === 'invalid_request' ? new TakenTaskId(error) : error;
  }
  return tasks.map(({ message }) => message.taskId);
}

/** Whether it was accepted before, when it came the first time. */
async function isThere(table: Parts['table'], { message }: NewTask, input: TaskInput | undefined): Promise<boolean> {
  if (input?.taskId === undefined) return false;
  return (await table.find(message.taskId))?.request === JSON.stringify(message.request);
}

/** @throws {AltsError} `invalid_request`, with the name of the field */
function newTask({ offer, callbackOptions }: Parts, input: TaskInput): NewTask {
  const runner = runnerOf(offer, input.runner);
  const parsed = parseRequest(input.request);
  assertKnownSystem(parsed.system);
  assertReachable(parsed);
  if (input.callbackHref) callbackTarget(input.callbackHref, callbackOptions);
  const architecture = parsed.system.architecture ?? offer.architecture;
  assertOffered('system.distribution', parsed.system.distribution, offer.distributions);
  assertOffered('system.architecture', architecture, offer.architectures);
  const taskId = parsed.taskId ?? input.taskId ?? timedUuid();
  const request = { ...parsed, taskId, system: { ...parsed.system, architecture } };
  return {
    message: { schemaVersion: 1, taskId, request },
    queue: queueName(runner, architecture),
    architecture,
    package: packageName(request),
    externalId: input.externalId,
    callbackHref: input.callbackHref,
    rerunOf: input.rerunOf,
    priority: input.priority,
  };
}

function runnerOf({ runners }: Offer, wanted = 'any'): string {
  const found = wanted === 'any' ? runners[0] : runners.find((name) => name === wanted);
  if (found !== undefined) return found;
  throw new AltsError(
    'invalid_request',
    `runner: there is no runner ${JSON.stringify(wanted)}; there is ${runners.join(', ')}, and "any"`,
  );
}

/** Refused now, for no worker would ever take it. */
function assertOffered(field: string, wanted: string, offered: readonly string[] | undefined): void {
  if (offered?.includes(wanted) ?? true) return;
  throw new AltsError(
    'invalid_request',
    `${field}: ${JSON.stringify(wanted)} is not tested here; there is ${offered?.join(', ')}`,
  );
}

/** A path of a client's machine is none of the worker's, and a worker's own files are nobody's business. */
function assertReachable({ package: source, tests }: TestRequest): void {
  const refuse = (field: string, hint: string): never => {
    throw new AltsError('invalid_request', `${field}: a worker has no files of yours; give ${hint}`);
  };
  if ('file' in source) refuse('package.file', 'the URL of the package: { "url": "https://…" }');
  for (const [index, suite] of tests.entries()) {
    if ('directory' in suite) refuse(`tests[${index}].directory`, 'a git repository or the URL of a tarball');
    if ('tarball' in suite && !/^https?:\/\//.test(suite.tarball)) refuse(`tests[${index}].tarball`, 'its URL');
  }
}

/** For lists: its name, or of a package at a URL what the name of the file begins with. */
function packageName({ package: source }: TestRequest): string {
  if ('name' in source) return source.name;
  const file = new URL('url' in source ? source.url : 'file:///').pathname.split('/').at(-1) ?? '';
  return decoded(file.split('_')[0] || file);
}

/** What is no UTF-8, or has control characters, stays as it is in the URL. */
function decoded(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    return /\p{Cc}/u.test(plain) ? text : plain;
  } catch {
    return text;
  }
}
