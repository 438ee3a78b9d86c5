import { AltsError } from '@alts/sdk/plugin';

/** As in the virtual host of the Python system, whose queues have the same names. */
const OTHER_QUEUE =
  '; a queue of that name is there and was declared otherwise: take another virtual host, or remove it';
/** NOT_FOUND of AMQP. */
const NOT_FOUND = 404;

/** What was published came back: there is no queue of that name. */
export class NoQueue extends Error {
  readonly code = NOT_FOUND;
  constructor(queue: string) {
    super(`there is no queue ${queue}`);
  }
}

/** Whether something is wrong because a queue is not there: somebody removed it. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === NOT_FOUND) || isGone(error.cause);
}

/** A fault of the broker or of the way to it, in our words; passwords never stand in what RabbitMQ says. */
export function fromAmqp(cause: unknown, doing: string): AltsError {
  if (AltsError.is(cause)) return cause;
  const reason = reasonOf(cause);
  const hint = /PRECONDITION.FAILED/.test(reason) ? OTHER_QUEUE : '';
  return new AltsError('queue_unavailable', `${doing}: ${reason}${hint}`, { cause });
}

/** Of a refusal what the broker says; an error of a socket may have no message, only a code. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code, message } = cause as NodeJS.ErrnoException;
  const [first] = cause instanceof AggregateError ? cause.errors : [];
  if (first !== undefined) return reasonOf(first);
  return message || code || cause.name;
}
