import { randomUUID } from 'node:crypto';
import { resultStoreConformance } from '@alts/testkit';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../../fixtures/services/azurite.ts';
import type { AzureOptionsInput } from './azure-options.ts';
import { azureStore } from './azure-store.ts';

const container = 'alts-results';
let service: Azurite;
let client: BlobServiceClient;

beforeAll(async () => {
  service = await startAzurite();
  client = BlobServiceClient.fromConnectionString(service.connectionString);
  await client.getContainerClient(container).create();
});
afterAll(() => service[Symbol.asyncDispose]());

const open = (own: Partial<AzureOptionsInput> = {}) =>
  azureStore({ container, connectionString: service.connectionString, ...own });
const aTaskId = () => `t-${randomUUID()}`;
async function* bytes(...parts: (string | Uint8Array)[]) {
  for (const part of parts) yield Buffer.from(part);
}
const text = async (content: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(content)).toString();
/** Nobody listens there. */
const nowhere = 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a';

resultStoreConformance({
  name: 'azureStore',
  framework: { describe, it, afterAll },
  create: () => open({ prefix: `c/${randomUUID()}` }),
  createUnreachable: () => open({ connectionString: nowhere, maxAttempts: 1 }),
  createSilent: ({ origin }) =>
    open({ connectionString: nowhere.replace('http://127.0.0.1:1', origin), maxAttempts: 1, timeoutMs: 1000 }),
});

describe('what is stored', () => {
  it('is compressed, says what it is, and is read by any client of Azure', async () => {
    const taskId = aTaskId();
    await open({ prefix: 'a/b' }).put({ taskId, name: 'install_package.log' }, bytes('hello\n'));
    const blob = client.getContainerClient(container).getBlobClient(`a/b/${taskId}/install_package.log`);
    const { contentType, contentEncoding, metadata } = await blob.getProperties();
    expect([contentType, contentEncoding]).toEqual(['text/plain; charset=utf-8', 'gzip']);
    expect(metadata).toEqual({ altssize: '6', altssha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('may be large: it goes in blocks, and comes back whole', async () => {
    const store = open();
    const taskId = aTaskId();
    const content = async function* () {
      for (let at = 0; at < 400; at += 1) yield crypto.getRandomValues(new Uint8Array(65_536));
    };
    const put = await store.put({ taskId, name: 'large.log' }, content());
    let size = 0;
    for await (const chunk of store.get({ taskId, name: 'large.log' })) size += chunk.byteLength;
    expect(size).toBe(put.size);
    expect(await Array.fromAsync(store.list(taskId))).toEqual([put]);
  });

  it('is given to who has a link, until it expires', async () => {
    const store = open();
    const key = { taskId: aTaskId(), name: 'report.json' };
    await store.put(key, bytes('{}'));
    const link = async (expiresInSeconds: number) => fetch(String(await store.link?.(key, { expiresInSeconds })));
    expect(await (await link(60)).text()).toBe('{}');
    expect((await link(-60)).status).toBe(403);
  });

  it('is not what comes back when somebody changed it, and that is said', async () => {
    const store = open();
    const key = { taskId: aTaskId(), name: 'a.log' };
    await store.put(key, bytes('as it was'));
    const blob = client.getContainerClient(container).getBlockBlobClient(`${key.taskId}/${key.name}`);
    const { metadata = {} } = await blob.getProperties();
    await blob.upload('otherwise', 9, { metadata });
    await expect(text(store.get(key))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('is not what was stored'),
    });
  });
});

describe('who signs in', () => {
  const putAndGet = async (own: Partial<AzureOptionsInput>) => {
    const store = open({ connectionString: undefined, ...own });
    const key = { taskId: aTaskId(), name: 'a.log' };
    await store.put(key, bytes('x'));
    return { store, key, content: await text(store.get(key)) };
  };

  it('may have a key of the account', async () => {
    const { accountUrl, accountKey } = service;
    expect((await putAndGet({ accountUrl, accountKey })).content).toBe('x');
  });

  it.each([
    ['behind the URL', (signature: string) => ({ accountUrl: `${service.accountUrl}?${signature}` })],
    [
      'in a connection string',
      (signature: string) => ({
        connectionString: `BlobEndpoint=${service.accountUrl};SharedAccessSignature=${signature}`,
      }),
    ],
  ])('may have a shared access signature %s, which signs no links', async (_, own) => {
    const credential = new StorageSharedKeyCredential('devstoreaccount1', service.accountKey);
    const expiresOn = new Date(Date.now() + 60_000);
    const permissions = ContainerSASPermissions.parse('racwdl');
    const signature = generateBlobSASQueryParameters({ containerName: container, permissions, expiresOn }, credential);
    const { store, key, content } = await putAndGet(own(String(signature)));
    expect(content).toBe('x');
    await expect(store.link?.(key, { expiresInSeconds: 60 })).rejects.toMatchObject({ code: 'not_supported' });
  });
});

describe('what goes wrong', () => {
  it('a container that is not there is said, and is no missing artifact', async () => {
    const store = open({ container: 'no-such-container' });
    const said = { code: 'store_unavailable', message: expect.stringContaining('ContainerNotFound') };
    await expect(store.put({ taskId: 'a', name: 'b.log' }, bytes('x'))).rejects.toMatchObject(said);
    await expect(text(store.get({ taskId: 'a', name: 'b' }))).rejects.toMatchObject(said);
  });

  it('what is not ours is not listed, not read, and nothing is put in its place once', async () => {
    const key = { taskId: aTaskId(), name: 'report.json' };
    await client.getContainerClient(container).getBlockBlobClient(`${key.taskId}/${key.name}`).upload('{}', 2);
    expect(await Array.fromAsync(open().list(key.taskId))).toEqual([]);
    await expect(text(open().get(key))).rejects.toThrow('has no SHA-256 in its metadata');
    await expect(open().put(key, bytes('{}'), { once: true })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining(`${key.taskId}/report.json in container ${container} is taken`),
    });
  });

  it.each<[Partial<AzureOptionsInput>, string]>([
    [{ container: 'No' }, 'container: must be the name of a container'],
    [{ prefix: '../x' }, 'prefix: must be names'],
    [{ connectionString: undefined }, 'give either connectionString or accountUrl'],
    [{ accountUrl: 'https://a.example' }, 'give either connectionString or accountUrl'],
    [{ connectionString: 'x' }, 'must be a connection string'],
    [{ connectionString: 'AccountName=a' }, 'connectionString: Invalid BlobEndpoint'],
    [{ connectionString: 'BlobEndpoint=nowhere;SharedAccessSignature=sig=s3cret' }, 'connectionString: Invalid URL'],
    [{ accountKey: 'k' }, 'accountKey: goes with accountUrl'],
  ])('%j is refused', (own, message) => {
    expect(() => open(own)).toThrow(message);
  });
});
