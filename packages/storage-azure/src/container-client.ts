import {
  AnonymousCredential,
  BlobServiceClient,
  type ContainerClient,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { AzureOptions } from './azure-options.ts';

/** Where the results go, by whichever of the ways to sign in. */
export async function containerClient(options: AzureOptions): Promise<ContainerClient> {
  const { connectionString, container, maxAttempts, timeoutMs } = options;
  const pipeline: StoragePipelineOptions = {
    retryOptions: { maxTries: maxAttempts, tryTimeoutInMs: timeoutMs, retryDelayInMs: 200, maxRetryDelayInMs: 5000 },
  };
  const service =
    connectionString === undefined
      ? await serviceAt(options, pipeline)
      : BlobServiceClient.fromConnectionString(connectionString, pipeline);
  return service.getContainerClient(container);
}

async function serviceAt(
  { accountUrl = '', accountKey, clientId }: AzureOptions,
  pipeline: StoragePipelineOptions,
): Promise<BlobServiceClient> {
  if (accountKey !== undefined) {
    return new BlobServiceClient(
      accountUrl,
      new StorageSharedKeyCredential(accountOf(accountUrl), accountKey),
      pipeline,
    );
  }
  if (new URL(accountUrl).searchParams.has('sig')) {
    return new BlobServiceClient(accountUrl, new AnonymousCredential(), pipeline);
  }
  // Large, and of no use to those who have a key.
  const { DefaultAzureCredential } = await import('@azure/identity');
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return new BlobServiceClient(accountUrl, credential, pipeline);
}

/** `account.blob.…`, or of an emulator the first name of the path. */
function accountOf(accountUrl: string): string {
  const { hostname, pathname } = new URL(accountUrl);
  const [, first] = pathname.split('/');
  return first || (hostname.split('.')[0] ?? '');
}
