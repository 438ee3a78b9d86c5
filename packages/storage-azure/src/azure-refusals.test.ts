import { serializeError } from '@alts/sdk';
import { expect, it } from 'vitest';
import { startRecordingServer } from '../../../fixtures/services/recording-server.ts';
import { azureStore } from './azure-store.ts';

const key = { taskId: 't', name: 'a.log' };
async function* bytes(text: string) {
  yield Buffer.from(text);
}
const signedStore = (url: string) =>
  azureStore({ container: 'alts', accountUrl: `${url}/a?sv=1&sig=s3cret`, maxAttempts: 1 });

it.each([
  [403, 'AuthenticationFailed', 'key or signature are refused'],
  [403, 'AuthorizationPermissionMismatch', 'needs the role "Storage Blob Data Contributor"'],
  [403, 'SomethingNew', 'access is denied'],
  [404, 'ContainerNotFound', 'there is no such container: make it'],
  [409, 'AccountBeingCreated', 'AccountBeingCreated (409)'],
])('%i %s says what it is and where, and no secret', async (status, code, help) => {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>The words of the server.\nMore.</Message></Error>`;
  await using server = await startRecordingServer((_, response) =>
    response.writeHead(status, { 'content-type': 'application/xml', 'x-ms-error-code': code }).end(body),
  );
  const error = await signedStore(server.url)
    .put(key, bytes('x'))
    .catch((reason) => reason);
  expect(error).toMatchObject({ code: 'store_unavailable' });
  expect(error.message).toContain('storing a.log of task t in container alts: ');
  expect(error.message).toContain(help);
  expect(error.message).toContain(`${code} (${status}): The words of the server.`);
  expect(JSON.stringify(serializeError(error))).not.toContain('s3cret');
  await expect(signedStore(server.url).put(key, bytes('x'), { once: true })).rejects.toThrow(
    status === 404 ? 'storing' : help,
  );
});

it('a server that is not there is said without the signature', async () => {
  const error = await signedStore('http://127.0.0.1:1')
    .put(key, bytes('x'))
    .catch((reason) => reason);
  expect(error).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('127.0.0.1:1') });
  expect(JSON.stringify(serializeError(error))).not.toContain('s3cret');
});
