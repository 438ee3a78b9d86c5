import { AltsError } from '@alts/sdk/plugin';
import { RestError } from '@azure/storage-blob';

/** True for an answer with one of those codes of the Blob service. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof RestError)) return false;
  const { errorCode } = (error.details ?? {}) as { readonly errorCode?: string };
  return codes.includes(errorCode ?? error.code ?? '');
}

/** Answers to HEAD have no body, and so no code but in a header. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof RestError && error.statusCode === status;
}

/** A fault of the store or of the way to it, in our words; signatures never stand in it. */
export function fromAzure(cause: unknown, doing: string): AltsError {
  if (AltsError.is(cause)) return cause;
  return new AltsError('store_unavailable', `${doing}: ${reasonOf(cause)}`, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (!(cause instanceof RestError)) return cause.message;
  const status = cause.statusCode === undefined ? '' : ` (${cause.statusCode})`;
  const [first = ''] = cause.message.split('\n');
  return `${cause.code ?? cause.name}${status}: ${first.replace(/\?\S*sig=\S*/g, '?…')}`;
}
