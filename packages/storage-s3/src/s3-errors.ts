import { AltsError } from '@alts/sdk/plugin';
import { S3ServiceException } from '@aws-sdk/client-s3';

/** True for an answer of that status. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}

/** A fault of the store or of the way to it, in our words. */
export function fromS3(cause: unknown, doing: string): AltsError {
  if (AltsError.is(cause)) return cause;
  return new AltsError('store_unavailable', `${doing}: ${reasonOf(cause)}`, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof S3ServiceException) {
    const status = cause.$metadata.httpStatusCode;
    return `${cause.name}${status === undefined ? '' : ` (${status})`}: ${cause.message}`;
  }
  const { code, message } = cause as NodeJS.ErrnoException;
  const [first] = cause instanceof AggregateError ? cause.errors : [];
  if (first !== undefined) return reasonOf(first);
  return message || code || cause.name;
}
