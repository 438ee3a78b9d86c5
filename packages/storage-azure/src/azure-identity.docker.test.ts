import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Azurite, startAzuriteForIdentities } from '../../../fixtures/services/azurite.ts';
import { type RecordingServer, startRecordingServer } from '../../../fixtures/services/recording-server.ts';
import { azureStore } from './azure-store.ts';

let service: Azurite;
/** What gives a machine of Azure the tokens of its identity. */
let machine: RecordingServer;
let isThere = true;

beforeAll(async () => {
  service = await startAzuriteForIdentities();
  machine = await startRecordingServer((_, response) => {
    if (isThere) response.setHeader('content-type', 'application/json').end(JSON.stringify(aToken()));
    else response.writeHead(400).end();
  });
  // Its certificate is known to nobody.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  vi.stubEnv('IDENTITY_ENDPOINT', machine.url);
  vi.stubEnv('IDENTITY_HEADER', 'of-this-machine');
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
  await BlobServiceClient.fromConnectionString(service.connectionString).getContainerClient('alts').create();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await machine[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

function aToken() {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    aud: 'https://storage.azure.com',
    iss: 'https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/',
    oid: '11059fcc-5514-4800-b5f8-49808b9cfab6',
    tid: 'ab1f708d-50f6-404c-a006-d71b2ac7a606',
    iat: now,
    nbf: now,
    exp: now + 3600,
  };
  return {
    access_token: `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.x`,
    expires_on: String(now + 3600),
    resource: 'https://storage.azure.com',
    token_type: 'Bearer',
  };
}
async function* bytes(text: string) {
  yield Buffer.from(text);
}

it('an identity that cannot sign in is said with what would help, and may sign in later', async () => {
  const store = azureStore({ container: 'alts', accountUrl: service.accountUrl, maxAttempts: 1 });
  const key = { taskId: 't', name: 'report.json' };
  isThere = false;
  await expect(store.put(key, bytes('{}'))).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('nobody signs in on this machine: give accountKey, or a managed identity'),
  });
  isThere = true;
  expect(await store.put(key, bytes('{}'))).toMatchObject({ name: 'report.json' });
});

it('an identity stores, reads, and signs links with a key that the account lends it', async () => {
  const store = azureStore({ container: 'alts', accountUrl: service.accountUrl, prefix: 'a' });
  const key = { taskId: 't', name: 'report.json' };
  await store.put(key, bytes('{"a":1}'), { once: true });
  const url = await store.link?.(key, { expiresInSeconds: 60 });
  expect(url?.searchParams.get('skoid')).toBe('11059fcc-5514-4800-b5f8-49808b9cfab6');
  expect(await (await fetch(String(url))).json()).toEqual({ a: 1 });
});
