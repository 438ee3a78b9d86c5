import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, startRecordingServer } from '../../../fixtures/services/recording-server.ts';
import type { S3OptionsInput } from './s3-options.ts';
import { s3Store } from './s3-store.ts';

const key = { taskId: 't', name: 'report.json' };
const keys = { accessKeyId: 'the-id', secretAccessKey: 'the-s3cret' };
const open = (own: Partial<S3OptionsInput> = {}) => s3Store({ bucket: 'alts', maxAttempts: 1, ...own });
const linked = async (own: Partial<S3OptionsInput>) =>
  (await open(own).link?.(key, { expiresInSeconds: 60 })) ?? new URL('none:');
async function* bytes(text: string) {
  yield Buffer.from(text);
}
const text = async (content: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(content)).toString();

/** Nothing of what the machine that runs the tests has. */
beforeEach(() => {
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('AWS_'))) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('where a request goes', () => {
  it.each<[Partial<S3OptionsInput>, string]>([
    [{}, 'https://alts.s3.us-east-1.amazonaws.com/t/report.json'],
    [{ region: 'eu-west-1' }, 'https://alts.s3.eu-west-1.amazonaws.com/t/report.json'],
    [{ pathStyle: true }, 'https://s3.us-east-1.amazonaws.com/alts/t/report.json'],
    [{ endpoint: 'https://s3.example' }, 'https://s3.example/alts/t/report.json'],
    [{ endpoint: 'https://s3.example', pathStyle: false }, 'https://alts.s3.example/t/report.json'],
  ])('%j', async (own, expected) => {
    const { origin, pathname } = await linked({ ...keys, ...own });
    expect(origin + pathname).toBe(expected);
  });

  it('the region of the environment is taken where none is given, and none other', async () => {
    vi.stubEnv('AWS_REGION', 'eu-north-1');
    expect((await linked(keys)).hostname).toBe('alts.s3.eu-north-1.amazonaws.com');
    expect((await linked({ ...keys, region: 'us-east-1' })).hostname).toBe('alts.s3.us-east-1.amazonaws.com');
  });
});

describe('who asks', () => {
  it('has the keys of the options, with their token', async () => {
    const { searchParams } = await linked({ ...keys, sessionToken: 'a token' });
    expect(searchParams.get('X-Amz-Credential')).toMatch(/^the-id\//);
    expect(searchParams.get('X-Amz-Security-Token')).toBe('a token');
  });

  it('has those of the environment where there are none', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'of-the-environment');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    expect((await linked({})).searchParams.get('X-Amz-Credential')).toMatch(/^of-the-environment\//);
  });

  it('is told when there are none anywhere', async () => {
    await expect(open({ endpoint: 'http://127.0.0.1:1' }).put(key, bytes('{}'))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('there are no keys: give accessKeyId'),
    });
  });
});

describe('what is asked', () => {
  const encryption = async (own: Partial<S3OptionsInput>) => {
    await using server = await startRecordingServer((_, response) => response.end());
    await open({ endpoint: server.url, ...keys, ...own }).put(key, bytes('{}'));
    const { headers } = server.heard[0]!;
    return [headers['x-amz-server-side-encryption'], headers['x-amz-server-side-encryption-aws-kms-key-id']];
  };

  it('is encrypted there as the options say', async () => {
    expect(await encryption({})).toEqual([undefined, undefined]);
    expect(await encryption({ serverSideEncryption: 'AES256' })).toEqual(['AES256', undefined]);
    expect(await encryption({ serverSideEncryption: 'aws:kms', kmsKeyId: 'key-1' })).toEqual(['aws:kms', 'key-1']);
  });

  it('once goes without its condition to a server that does not know it, after a second look', async () => {
    let isThere = false;
    const answer: Answer = ({ method, headers }, response) => {
      if (method === 'HEAD')
        response.writeHead(isThere ? 200 : 404, { 'x-amz-meta-alts-size': 2, 'x-amz-meta-alts-sha256': 'ab' }).end();
      else response.writeHead(headers['if-none-match'] ? 501 : 200).end();
    };
    await using server = await startRecordingServer(answer);
    const store = open({ endpoint: server.url, ...keys });
    expect(await store.put(key, bytes('{}'), { once: true })).toMatchObject({ size: 2 });
    const asked = server.heard.map(({ method, headers }) => [method, headers['if-none-match']]);
    expect(asked).toEqual([
      ['HEAD', undefined],
      ['PUT', '*'],
      ['HEAD', undefined],
      ['PUT', undefined],
    ]);
    isThere = true;
    expect(await store.put(key, bytes('{ }'), { once: true })).toEqual({ name: key.name, size: 2, sha256: 'ab' });
  });
});

describe('an object that is not ours', () => {
  const listing = '<ListBucketResult><Contents><Key>t/report.json</Key></Contents></ListBucketResult>';
  const foreign: Answer = ({ url }, response) =>
    response.end(url.searchParams.has('list-type') ? listing : 'something');

  it('is refused when it is read, takes its place, and is not listed', async () => {
    await using server = await startRecordingServer(foreign);
    const store = open({ endpoint: server.url, ...keys });
    await expect(text(store.get(key))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('has no SHA-256 in its metadata'),
    });
    await expect(store.put(key, bytes('{}'), { once: true })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('t/report.json in bucket alts is taken'),
    });
    expect(await Array.fromAsync(store.list('t'))).toEqual([]);
  });
});

describe('a refusal', () => {
  const refused = async (status: number, code: string) => {
    const body = `<Error><Code>${code}</Code><Message>The words of the server.</Message></Error>`;
    await using server = await startRecordingServer((_, response) => response.writeHead(status).end(body));
    const store = open({ endpoint: server.url, ...keys, sessionToken: 'a-t0ken' });
    return await store.put(key, bytes('{}')).catch((error: Error) => error);
  };

  it.each([
    [403, 'InvalidAccessKeyId', 'the keys are refused'],
    [403, 'SignatureDoesNotMatch', 'the keys are refused'],
    [400, 'ExpiredToken', 'the keys have expired'],
    [403, 'AccessDenied', 'the keys need s3:ListBucket on the bucket'],
    [404, 'NoSuchBucket', 'make it, or set createBucket'],
    [403, 'RequestTimeTooSkewed', 'the clock of this machine is wrong'],
    [500, 'InternalError', 'InternalError (500)'],
  ])('%i %s says what it is and where, and no secret', async (status, code, help) => {
    const error = await refused(status, code);
    expect(error).toMatchObject({ code: 'store_unavailable' });
    expect(String(error)).toContain('storing report.json of task t in bucket alts: ');
    expect(String(error)).toContain(help);
    expect(String(error)).toContain(`${code} (${status}): The words of the server.`);
    expect(String(error)).not.toMatch(/s3cret|t0ken/);
  });

  it('to look is one, too, though it has no words', async () => {
    await using server = await startRecordingServer((_, response) => response.writeHead(403).end());
    const store = open({ endpoint: server.url, ...keys });
    await expect(store.put(key, bytes('{}'), { once: true })).rejects.toThrow('s3:ListBucket');
  });
});
