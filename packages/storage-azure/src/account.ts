import { AltsError } from '@alts/sdk/plugin';
import { AnonymousCredential, BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { AzureOptions } from './azure-options.ts';
import { silencePolicy } from './silence-policy.ts';

type Credential = Parameters<typeof newPipeline>[0];

/** A storage account, and what links to its blobs are signed with. */
export interface Account {
  readonly service: BlobServiceClient;
  readonly signs: 'with the key' | 'by identity' | 'not at all';
}

/**
 * By whichever of the ways to sign in.
 * @throws {AltsError} `invalid_request` for a connection string or an address that is not one
 */
export function accountOf(options: AzureOptions): () => Promise<Account> {
  const known = readOrRefuse(options);
  if (!known) return () => signIn(options);
  const account = open(options, known);
  return async () => account;
}

interface Known {
  readonly url: string;
  readonly credential: Credential;
}

/** Undefined: no key and no signature, so it is the identity of the machine or user. */
function readOrRefuse(options: AzureOptions): Known | undefined {
  const field = options.connectionString === undefined ? 'accountUrl' : 'connectionString';
  try {
    return keyOrSignature(options);
  } catch (cause) {
    // What the library says names the part that is wrong, and never its value.
    const message = `options of result-store azure: ${field}: ${(cause as Error).message}`;
    throw new AltsError('invalid_request', message, { cause });
  }
}

function keyOrSignature({ connectionString, accountUrl = '', accountKey, container }: AzureOptions): Known | undefined {
  if (connectionString !== undefined) {
    const service = BlobServiceClient.fromConnectionString(connectionString);
    // What is no URL is found out here.
    service.getContainerClient(container);
    return service;
  }
  if (accountKey !== undefined) {
    return { url: accountUrl, credential: new StorageSharedKeyCredential(nameIn(accountUrl), accountKey) };
  }
  return new URL(accountUrl).searchParams.has('sig')
    ? { url: accountUrl, credential: new AnonymousCredential() }
    : undefined;
}

async function signIn(options: AzureOptions): Promise<Account> {
  const { accountUrl = '', clientId } = options;
  // Large, and of no use to those who have a key.
  const { DefaultAzureCredential } = await import('@azure/identity');
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return open(options, { url: accountUrl, credential });
}

function open({ maxAttempts, timeoutMs }: AzureOptions, { url, credential }: Known): Account {
  const pipeline = newPipeline(credential, {
    retryOptions: { maxTries: maxAttempts, retryDelayInMs: 200, maxRetryDelayInMs: 5000 },
  });
  pipeline.factories.push(silencePolicy(timeoutMs));
  const service = new BlobServiceClient(url, pipeline);
  if (credential instanceof StorageSharedKeyCredential) return { service, signs: 'with the key' };
  return { service, signs: credential instanceof AnonymousCredential ? 'not at all' : 'by identity' };
}

/** `account.blob.…`, or of an emulator the first name of the path. */
function nameIn(accountUrl: string): string {
  const { hostname, pathname } = new URL(accountUrl);
  const [, first] = pathname.split('/');
  return first || (hostname.split('.')[0] ?? '');
}
