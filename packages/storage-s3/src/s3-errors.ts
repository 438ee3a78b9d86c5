import { AltsError } from '@alts/sdk/plugin';
import { S3ServiceException } from '@aws-sdk/client-s3';

/** True for an answer of that status. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}

const KEYS = 'the keys are refused: look at accessKeyId and secretAccessKey';
/** What would help, by the name of the error. */
const HELP: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: KEYS,
  SignatureDoesNotMatch: KEYS,
  ExpiredToken: 'the keys have expired: they go with a sessionToken, and new ones are needed',
  InvalidToken: 'the sessionToken is refused: it does not belong to the keys',
  NoSuchBucket: 'there is no such bucket: make it, or set createBucket',
  PermanentRedirect: 'the bucket is in another region: set region',
  AuthorizationHeaderMalformed: 'the bucket is in another region: set region',
  RequestTimeTooSkewed: 'the clock of this machine is wrong',
  CredentialsProviderError:
    'there are no keys: give accessKeyId and secretAccessKey, or an environment, profile or role',
  TimeoutError: 'the server was silent for timeoutMs',
};
const FORBIDDEN =
  'access is denied: the keys need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject and ' +
  's3:AbortMultipartUpload on what is in it';

/** A fault of the store or of the way to it, in our words. */
export function fromS3(cause: unknown, doing: string): AltsError {
  if (AltsError.is(cause)) return cause;
  const help = helpFor(cause);
  return new AltsError('store_unavailable', [doing, help, reasonOf(cause)].filter(Boolean).join(': '), { cause });
}

function helpFor(cause: unknown): string | undefined {
  const known = cause instanceof Error && Object.hasOwn(HELP, cause.name) ? HELP[cause.name] : undefined;
  // Answers to HEAD have no body, and so no name.
  return known ?? (hasStatus(cause, 403) ? FORBIDDEN : undefined);
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
