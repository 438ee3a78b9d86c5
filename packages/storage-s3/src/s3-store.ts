import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  type Abortable,
  AltsError,
  type ArtifactKey,
  type ArtifactRef,
  assertArtifactKey,
  type Bytes,
  type CompressedContent,
  compress,
  contentTypeOf,
  describeZodError,
  type ResultStore,
  verified,
} from '@alts/sdk/plugin';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { makeBucket } from './make-bucket.ts';
import { fromS3, hasStatus } from './s3-errors.ts';
import { S3Options, type S3OptionsInput } from './s3-options.ts';

/** Of the content itself, not of what is stored: that is compressed. */
const SIZE = 'alts-size';
const SHA256 = 'alts-sha256';
/** What is larger goes in parts, each sent again alone when it fails. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const REQUESTS_AT_ONCE = 8;
/** Goes first when a task is removed: no reader sees a report of what is not there. */
const REPORT = 'report.json';

class S3Store implements ResultStore {
  readonly contract = 'result-store/1';
  readonly #client: S3Client;
  readonly #options: S3Options;
  #bucket: Promise<void> | undefined;

  constructor(options: S3Options) {
    this.#options = options;
    this.#client = clientFor(options);
  }

  async put(key: ArtifactKey, content: Bytes, options: Parameters<ResultStore['put']>[2] = {}): Promise<ArtifactRef> {
    assertArtifactKey(key);
    const { signal, once = false } = options;
    signal?.throwIfAborted();
    await this.#bucketIsThere();
    const first = once ? await this.#head(key, signal) : undefined;
    if (first) return first;
    await using compressed = await compress(content, signal);
    try {
      await this.#send(key, compressed, { signal, once });
    } catch (error) {
      signal?.throwIfAborted();
      const winner =
        once && (hasStatus(error, 412) || hasStatus(error, 409)) ? await this.#head(key, signal) : undefined;
      if (winner) return winner;
      throw fromS3(error, `storing ${key.name} of task ${key.taskId} in ${this.#options.bucket}`);
    }
    return { name: key.name, size: compressed.size, sha256: compressed.sha256 };
  }

  async #send(
    key: ArtifactKey,
    { size, sha256, compressedSize, open }: CompressedContent,
    { signal, once }: { readonly signal: AbortSignal | undefined; readonly once: boolean },
  ): Promise<void> {
    const { bucket, serverSideEncryption, kmsKeyId } = this.#options;
    const params = {
      Bucket: bucket,
      Key: this.#keyOf(key),
      ContentType: contentTypeOf(key.name),
      ContentEncoding: 'gzip',
      Metadata: { [SIZE]: String(size), [SHA256]: sha256 },
      ...(once && { IfNoneMatch: '*' }),
      ...(serverSideEncryption && { ServerSideEncryption: serverSideEncryption }),
      ...(kmsKeyId !== undefined && { SSEKMSKeyId: kmsKeyId }),
    };
    if (compressedSize <= PART_BYTES) {
      const Body = Buffer.concat(await Array.fromAsync(open() as AsyncIterable<Uint8Array>));
      await this.#client.send(new PutObjectCommand({ ...params, Body }), during(signal));
      return;
    }
    const upload = new Upload({
      client: this.#client,
      params: { ...params, Body: open() },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    const abort = () => void upload.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await upload.done();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async *get(key: ArtifactKey, { signal }: Abortable = {}): AsyncGenerator<Uint8Array> {
    assertArtifactKey(key);
    const wanted = `${key.name} of task ${key.taskId}`;
    try {
      await this.#bucketIsThere();
      const command = new GetObjectCommand({ Bucket: this.#options.bucket, Key: this.#keyOf(key) });
      const { Body, ContentEncoding, Metadata } = await this.#client.send(command, during(signal));
      const stored = Body as Readable;
      const content = ContentEncoding === 'gzip' ? pipeline(stored, createGunzip(), () => undefined) : stored;
      yield* verified(content, Metadata?.[SHA256], wanted);
    } catch (error) {
      signal?.throwIfAborted();
      if (hasStatus(error, 404) && (error as Error).name !== 'NoSuchBucket') {
        throw new AltsError('artifact_not_found', `no artifact ${wanted}`, { cause: error });
      }
      throw fromS3(error, `reading ${wanted} from ${this.#options.bucket}`);
    }
  }

  async *list(taskId: string, { signal }: Abortable = {}): AsyncGenerator<ArtifactRef> {
    assertArtifactKey({ taskId, name: 'any' });
    try {
      await this.#bucketIsThere();
      // What digests a listing has are those of what is stored.
      for await (const names of this.#names(taskId, signal)) {
        const found = await Promise.all(names.map((name) => this.#head({ taskId, name }, signal)));
        yield* found.filter((ref) => ref !== undefined);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fromS3(error, `listing task ${taskId} in ${this.#options.bucket}`);
    }
  }

  async remove(taskId: string, { signal }: Abortable = {}): Promise<void> {
    assertArtifactKey({ taskId, name: 'any' });
    // One by one: of many at once a server may want a digest that not all know.
    const remove = (name: string) => {
      const command = new DeleteObjectCommand({ Bucket: this.#options.bucket, Key: this.#keyOf({ taskId, name }) });
      return this.#client.send(command, during(signal));
    };
    try {
      await this.#bucketIsThere();
      await remove(REPORT);
      for await (const names of this.#names(taskId, signal)) await Promise.all(names.map(remove));
    } catch (error) {
      signal?.throwIfAborted();
      throw fromS3(error, `removing task ${taskId} from ${this.#options.bucket}`);
    }
  }

  /** Names of a task's artifacts, as many at a time as are asked for side by side. */
  async *#names(taskId: string, signal: AbortSignal | undefined): AsyncGenerator<string[]> {
    const prefix = this.#keyOf({ taskId, name: '' });
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#options.bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages) {
      const names = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key.slice(prefix.length)]));
      for (let at = 0; at < names.length; at += REQUESTS_AT_ONCE) {
        signal?.throwIfAborted();
        yield names.slice(at, at + REQUESTS_AT_ONCE);
      }
    }
  }

  locate(taskId: string): string {
    assertArtifactKey({ taskId, name: 'any' });
    return `s3://${this.#options.bucket}/${this.#keyOf({ taskId, name: '' })}`;
  }

  async link(key: ArtifactKey, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<URL> {
    assertArtifactKey(key);
    const command = new GetObjectCommand({ Bucket: this.#options.bucket, Key: this.#keyOf(key) });
    return new URL(await getSignedUrl(this.#client, command, { expiresIn: expiresInSeconds }));
  }

  /** Makes it if it shall be made, once for this store. */
  #bucketIsThere(): Promise<void> {
    this.#bucket ??= makeBucket(this.#client, this.#options).catch((error: unknown) => {
      this.#bucket = undefined;
      throw fromS3(error, `making ${this.#options.bucket}`);
    });
    return this.#bucket;
  }

  #keyOf({ taskId, name }: ArtifactKey): string {
    const { prefix } = this.#options;
    return [...(prefix === undefined ? [] : [prefix]), taskId, name].join('/');
  }

  /** Undefined when there is none. */
  async #head(key: ArtifactKey, signal: AbortSignal | undefined): Promise<ArtifactRef | undefined> {
    try {
      const command = new HeadObjectCommand({ Bucket: this.#options.bucket, Key: this.#keyOf(key) });
      const { Metadata = {} } = await this.#client.send(command, during(signal));
      return { name: key.name, size: Number(Metadata[SIZE] ?? 0), sha256: Metadata[SHA256] ?? '' };
    } catch (error) {
      signal?.throwIfAborted();
      if (hasStatus(error, 404)) return undefined;
      throw fromS3(error, `looking for ${key.name} of task ${key.taskId} in ${this.#options.bucket}`);
    }
  }
}

/** Left out where there is no signal: the client tells `undefined` from nothing. */
function during(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

function clientFor(options: S3Options): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken, maxAttempts, timeoutMs } = options;
  const keys = accessKeyId !== undefined && secretAccessKey !== undefined;
  return new S3Client({
    region,
    maxAttempts,
    requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs },
    forcePathStyle: options.pathStyle ?? endpoint !== undefined,
    // Servers that are not Amazon's do not all know the newer checksums; ours is in the metadata.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint !== undefined && { endpoint }),
    ...(keys && { credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) } }),
  });
}

/**
 * Results in S3, Amazon's or another's: an object for each artifact, compressed, at `<prefix>/<task id>/<name>`.
 * @throws {AltsError} `invalid_request` for options
 */
export function s3Store(options: S3OptionsInput): ResultStore {
  const parsed = S3Options.safeParse(options);
  if (parsed.success) return new S3Store(parsed.data);
  throw new AltsError('invalid_request', `options of result-store s3: ${describeZodError(parsed.error, {})}`);
}
