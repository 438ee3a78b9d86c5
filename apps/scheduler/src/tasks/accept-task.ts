import {
  AltsError,
  type Architecture,
  assertKnownSystem,
  type Priority,
  parseRequest,
  type TestRequest,
} from '@alts/sdk/plugin';
import type { AppParts } from '../parts.ts';
import { callbackTarget } from './callback-target.ts';
import { queueName } from './queue-name.ts';
import { timedUuid } from './timed-uuid.ts';

/** There is another task with the id that a client has chosen. */
export class TakenTaskId extends AltsError {
  constructor(taskId: string, cause: unknown) {
    super('invalid_request', `taskId: there is a task ${taskId} already`, { cause });
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
  return accept(parts, input, checked(parts, input));
}

/**
 * Accepts tasks; none of them where one is wrong.
 * @returns their ids, in the same order
 * @throws {AltsError} as {@link acceptTask}; with `store_unavailable` some may be accepted
 */
export async function acceptTasks(parts: Parts, inputs: readonly TaskInput[]): Promise<string[]> {
  const all = inputs.map((input) => ({ input, task: checked(parts, input) }));
  return Promise.all(all.map(({ input, task }) => accept(parts, input, task)));
}

function checked({ offer, callbackOptions }: Parts, input: TaskInput) {
  const runner = runnerOf(offer, input.runner);
  const parsed = parseRequest(input.request);
  assertKnownSystem(parsed.system);
  assertReachable(parsed);
  if (input.callbackHref) callbackTarget(input.callbackHref, callbackOptions);
  const architecture = parsed.system.architecture ?? offer.architecture;
  assertOffered('system.distribution', parsed.system.distribution, offer.distributions);
  assertOffered('system.architecture', architecture, offer.architectures);
  return { parsed, architecture, queue: queueName(runner, architecture) };
}

async function accept(
  { table, accepted }: Parts,
  input: TaskInput,
  { parsed, architecture, queue }: ReturnType<typeof checked>,
): Promise<string> {
  const taskId = parsed.taskId ?? input.taskId ?? timedUuid();
  const request = { ...parsed, taskId, system: { ...parsed.system, architecture } };
  const isThere = async () =>
    input.taskId !== undefined && (await table.find(taskId))?.request === JSON.stringify(request);
  if (await isThere()) return taskId;
  const accepting = table.accept({
    message: { schemaVersion: 1, taskId, request },
    queue,
    architecture,
    package: packageName(request),
    externalId: input.externalId,
    callbackHref: input.callbackHref,
    rerunOf: input.rerunOf,
    priority: input.priority,
  });
  try {
    accepted(await accepting);
  } catch (error) {
    // Of two that are the same and come at once, one is first.
    if (await isThere()) return taskId;
    // All else that is wrong with it was said before.
    throw AltsError.is(error) && error.code === 'invalid_request' ? new TakenTaskId(taskId, error) : error;
  }
  return taskId;
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
