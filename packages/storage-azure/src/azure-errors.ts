import { AltsError } from '@alts/sdk/plugin';
import { RestError } from '@azure/storage-blob';

/** True for an answer with one of those codes of the Blob service. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof RestError && codes.includes(codeOf(error) ?? '');
}

/** Answers to HEAD have no body, and so no code but in a header. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof RestError && error.statusCode === status;
}

const DENIED =
  'access is denied: an identity needs the role "Storage Blob Data Contributor", and for links "Storage Blob Delegator"; a ' +
  'shared access signature needs the permissions racwdl for the container';
/** What would help, by the code of the service or the name of the error. */
const HELP: Readonly<Record<string, string>> = {
  AuthenticationFailed: 'key or signature are refused: another account, an end that is past, or a clock that is wrong',
  InvalidAuthenticationInfo: 'key or signature are refused: the account does not know this way to sign in',
  KeyBasedAuthenticationNotPermitted: 'the account takes no keys: sign in by an identity, without accountKey',
  AuthorizationFailure: DENIED,
  AuthorizationPermissionMismatch: DENIED,
  AuthorizationProtocolMismatch: DENIED,
  AuthorizationResourceTypeMismatch: DENIED,
  AuthorizationServiceMismatch: DENIED,
  InsufficientAccountPermissions: DENIED,
  ContainerNotFound: 'there is no such container: make it',
  ETIMEDOUT: 'the server was silent for timeoutMs',
  AggregateAuthenticationError: 'nobody signs in on this machine: give accountKey, or a managed identity',
  CredentialUnavailableError: 'nobody signs in on this machine: give accountKey, or a managed identity',
};
/** The library's word for a download that broke off, and could not be taken up again. */
const BROKEN_OFF = 'Data corruption failure';

/** A fault of the store or of the way to it, in our words; signatures never stand in it. */
export function fromAzure(cause: unknown, doing: string): AltsError {
  if (AltsError.is(cause)) return cause;
  return new AltsError('store_unavailable', [doing, helpFor(cause), reasonOf(cause)].filter(Boolean).join(': '), {
    cause,
  });
}

function helpFor(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if (cause.message.startsWith(BROKEN_OFF)) return 'the download broke off, or was silent for timeoutMs';
  const known = cause instanceof RestError ? codeOf(cause) : cause.name;
  if (known !== undefined && Object.hasOwn(HELP, known)) return HELP[known];
  return hasStatus(cause, 403) ? DENIED : undefined;
}

function codeOf(error: RestError): string | undefined {
  const { errorCode } = (error.details ?? {}) as { readonly errorCode?: string };
  return errorCode ?? error.code;
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const [first = ''] = cause.message.split('\n');
  const words = first.replace(/\?\S*sig=\S*/g, '?…');
  if (!(cause instanceof RestError)) return words;
  const status = cause.statusCode === undefined ? '' : ` (${cause.statusCode})`;
  return `${codeOf(cause) ?? cause.name}${status}: ${words}`;
}
