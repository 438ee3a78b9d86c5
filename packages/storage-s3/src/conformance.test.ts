import { randomUUID } from 'node:crypto';
import { request as ask } from 'node:http';
import { resultStoreConformance } from '@alts/testkit';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startRecordingServer } from '../../../fixtures/services/recording-server.ts';
import { type S3Service, startS3 } from '../../../fixtures/services/s3.ts';
import type { S3OptionsInput } from './s3-options.ts';
import { s3Store } from './s3-store.ts';

const keys = { accessKeyId: 'test', secretAccessKey: 'test' };
const bucket = 'alts-results';
let service: S3Service;
let client: S3Client;

beforeAll(async () => {
  service = await startS3();
  client = new S3Client({
    region: 'us-east-1',
    endpoint: service.endpoint,
    forcePathStyle: true,
    credentials: { ...keys },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(() => service[Symbol.asyncDispose]());

const open = (own: Partial<S3OptionsInput> = {}) => s3Store({ bucket, endpoint: service.endpoint, ...keys, ...own });
const aTaskId = () => `t-${randomUUID()}`;
async function* bytes(...parts: (string | Uint8Array)[]) {
  for (const part of parts) yield Buffer.from(part);
}

resultStoreConformance({
  name: 's3Store',
  framework: { describe, it, afterAll },
  create: () => open({ prefix: `c/${randomUUID()}` }),
  createUnreachable: () => open({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 }),
  createSilent: ({ origin }) => open({ endpoint: origin, maxAttempts: 1, timeoutMs: 1000 }),
});

describe('what is stored', () => {
  it('is compressed, says what it is, and is read by any client of S3', async () => {
    const taskId = aTaskId();
    await open({ prefix: 'a/b' }).put({ taskId, name: 'install_package.log' }, bytes('hello\n'));
    const { ContentType, ContentEncoding, Metadata } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: `a/b/${taskId}/install_package.log` }),
    );
    expect([ContentType, ContentEncoding]).toEqual(['text/plain; charset=utf-8', 'gzip']);
    expect(Metadata).toEqual({ 'alts-size': '6', 'alts-sha256': expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('may be large: it goes in parts, with little memory, and comes back whole', async () => {
    const store = open();
    const taskId = aTaskId();
    const block = Buffer.alloc(1 << 20);
    const content = async function* () {
      for (let at = 0; at < 40; at += 1) yield block;
      for (let at = 0; at < 400; at += 1) yield crypto.getRandomValues(new Uint8Array(65_536));
    };
    const put = await store.put({ taskId, name: 'large.log' }, content());
    let size = 0;
    for await (const chunk of store.get({ taskId, name: 'large.log' })) size += chunk.byteLength;
    expect(size).toBe(put.size);
    expect(await Array.fromAsync(store.list(taskId))).toEqual([put]);
  });

  it('is listed, however many there are', async () => {
    const store = open();
    const taskId = aTaskId();
    const names = Array.from({ length: 1100 }, (_, at) => `a${at}.log`);
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(names.slice(at, at + 50).map((name) => store.put({ taskId, name }, bytes(name))));
    }
    expect((await Array.fromAsync(store.list(taskId))).map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it('is given to who has a link, until it expires', async () => {
    const store = open();
    const key = { taskId: aTaskId(), name: 'report.json' };
    await store.put(key, bytes('{}'));
    const url = await store.link?.(key, { expiresInSeconds: 60 });
    expect(url?.searchParams.get('X-Amz-Expires')).toBe('60');
    expect(await (await fetch(String(url))).text()).toBe('{}');
  });

  it('leaves nothing behind when it is cancelled between its parts', async () => {
    const uploads = async () => (await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? [];
    const abort = new AbortController();
    let begun: unknown[] = [];
    const cancelling: Answer = async (heard, response, request) => {
      if (heard.url.searchParams.get('partNumber') === '2') {
        begun = await uploads();
        abort.abort(new Error('enough'));
      }
      passOn(heard, response, request);
    };
    await using server = await startRecordingServer(cancelling);
    const store = open({ endpoint: server.url });
    const taskId = aTaskId();
    const content = async function* () {
      for (let at = 0; at < 400; at += 1) yield crypto.getRandomValues(new Uint8Array(65_536));
    };
    await expect(store.put({ taskId, name: 'x.log' }, content(), { signal: abort.signal })).rejects.toThrow('enough');
    expect(begun).toHaveLength(1);
    await expect.poll(uploads).toEqual([]);
    expect(await Array.fromAsync(store.list(taskId))).toEqual([]);
  });

  it('is not what comes back when somebody changed it, and that is said', async () => {
    const store = open();
    const key = { taskId: aTaskId(), name: 'a.log' };
    await store.put(key, bytes('as it was'));
    const object = { Bucket: bucket, Key: `${key.taskId}/${key.name}` };
    const { Metadata } = await client.send(new HeadObjectCommand(object));
    await client.send(new PutObjectCommand({ ...object, Metadata, Body: 'otherwise' }));
    await expect(Array.fromAsync(store.get(key))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('is not what was stored'),
    });
  });
});

/** To the service, as it came. */
const passOn: Answer = ({ method, headers }, response, request) => {
  const onward = ask(`${service.endpoint}${request.url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
};

describe('a bucket that is not there', () => {
  const put = (bucket: string, own: Partial<S3OptionsInput> = {}) =>
    open({ bucket, createBucket: true, ...own }).put({ taskId: 'a', name: 'b.log' }, bytes('x'));

  it.each(['us-east-1', 'eu-central-1'])('is made where that is wanted, by several at once, in %s', async (region) => {
    const name = `made-${randomUUID()}`;
    await Promise.all([1, 2, 3].map(() => put(name, { region })));
    expect(await Array.fromAsync(open({ bucket: name }).list('a'))).toMatchObject([{ name: 'b.log' }]);
  });

  it('is nothing that was not there before: what is read is missing, and not the store', async () => {
    const store = open({ bucket: `made-${randomUUID()}`, createBucket: true });
    expect(await Array.fromAsync(store.list('a'))).toEqual([]);
    await expect(Array.fromAsync(store.get({ taskId: 'a', name: 'b' }))).rejects.toMatchObject({
      code: 'artifact_not_found',
    });
  });
});

describe('what goes wrong', () => {
  const put = (own: Partial<S3OptionsInput>) => open(own).put({ taskId: 'a', name: 'b.log' }, bytes('x'));

  it('a bucket that is not there, or a server, is said, and is no missing artifact', async () => {
    await expect(put({ bucket: 'no-such-bucket' })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('NoSuchBucket'),
    });
    await expect(
      Array.fromAsync(open({ bucket: 'no-such-bucket' }).get({ taskId: 'a', name: 'b' })),
    ).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    await expect(put({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });

  it.each<[Partial<S3OptionsInput>, string]>([
    [{ bucket: 'No' }, 'bucket: must be the name of a bucket'],
    [{ prefix: '../x' }, 'prefix: must be names'],
    [{ accessKeyId: 'a', secretAccessKey: undefined }, 'accessKeyId and secretAccessKey go together'],
    [{ kmsKeyId: 'k' }, 'kmsKeyId: goes with serverSideEncryption'],
  ])('%j is refused', (own, message) => {
    expect(() => open(own)).toThrow(message);
  });
});
