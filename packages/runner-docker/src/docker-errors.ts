import { AltsError, type ErrorCode } from '@alts/sdk/plugin';

/** What Docker's client and Node's sockets throw. */
interface ForeignError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly json?: { readonly message?: string };
}

/** Of a socket, when nobody answers or whoever did is gone. */
const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'EACCES',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** The HTTP status that the engine answered with; undefined when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as ForeignError | undefined)?.statusCode;
}

/** One line of what the engine or the socket said. */
export function reasonOf(error: unknown): string {
  const { json, message = '', code } = error as ForeignError;
  const text = json?.message ?? message.replace(/^\(HTTP code \d+\) [^-]*- /, '');
  return text.trim().split('\n', 1)[0] || code || 'unknown reason';
}

/**
 * The one funnel for what the engine throws.
 * @param otherwise the code where the error itself does not tell
 */
export function fromDocker(error: unknown, doing: string, otherwise: ErrorCode): AltsError {
  if (AltsError.is(error)) return error;
  const { code } = error as ForeignError;
  const reason = reasonOf(error);
  if (code !== undefined && CONNECTION.has(code)) {
    return new AltsError(
      otherwise === 'image_unavailable' ? 'runner_unavailable' : otherwise,
      `${doing}: the Docker Engine does not answer (${reason})`,
      { cause: error },
    );
  }
  const lower = reason.toLowerCase();
  if (lower.includes('no space left on device'))
    return new AltsError('disk_full', `${doing}: ${reason}`, { cause: error });
  return new AltsError(otherwise, `${doing}: ${reason}`, { cause: error });
}
