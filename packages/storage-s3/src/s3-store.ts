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
  unlessAborted,
  verified,
} from '@alts/sdk/plugin';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { makeBucket } from './make-bucket.ts';
import { clientFor } from './s3-client.ts';
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
    await unlessAborted(this.#bucketIsThere(), signal);
    const first = once ? await this.#taken(key, signal) : undefined;
    if (first) return first;
    await using compressed = await compress(content, signal);
    try {
      const winner = await (once
        ? this.#sendFirst(key, compressed, signal)
        : this.#send(key, compressed, { signal, once }));
      if (winner) return winner;
    } catch (error) {
      signal?.throwIfAborted();
      throw fromS3(error, `storing ${key.name} of task ${key.taskId} in bucket ${this.#options.bucket}`);
    }
    return { name: key.name, size: compressed.size, sha256: compressed.sha256 };
  }

  /** Unless somebody was faster: then what they stored. */
  async #sendFirst(
    key: ArtifactKey,
    compressed: CompressedContent,
    signal: AbortSignal | undefined,
  ): Promise<ArtifactRef | undefined> {
    try {
      await this.#send(key, compressed, { signal, once: true });
    } catch (error) {
      // A server that does not know the condition must not lose every report: looking first is the best that it can do.
      const isUnknown = hasStatus(error, 501);
      if (!isUnknown && !hasStatus(error, 412) && !hasStatus(error, 409)) throw error;
      const winner = await this.#taken(key, signal);
      if (winner) return winner;
      if (!isUnknown) throw error;
      await this.#send(key, compressed, { signal, once: false });
    }
    return undefined;
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
      await unlessAborted(this.#bucketIsThere(), signal);
      const command = new GetObjectCommand({ Bucket: this.#options.bucket, Key: this.#keyOf(key) });
      const { Body, ContentEncoding, Metadata } = await this.#client.send(command, during(signal));
      const stored = Body as Readable;
      const content = ContentEncoding === 'gzip' ? pipeline(stored, createGunzip(), () => undefined) : stored;
      try {
        yield* verified(content, Metadata?.[SHA256], wanted);
      } finally {
        stored.destroy();
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (hasStatus(error, 404) && (error as Error).name !== 'NoSuchBucket') {
        throw new AltsError('artifact_not_found', `no artifact ${wanted}`, { cause: error });
      }
      throw fromS3(error, `reading ${wanted} from bucket ${this.#options.bucket}`);
    }
  }

  async *list(taskId: string, { signal }: Abortable = {}): AsyncGenerator<ArtifactRef> {
    assertArtifactKey({ taskId, name: 'any' });
    try {
      await unlessAborted(this.#bucketIsThere(), signal);
      // What digests a listing has are those of what is stored.
      for await (const names of this.#names(taskId, signal)) {
        const found = await Promise.all(names.map((name) => this.#head({ taskId, name }, signal)));
        yield* found.flatMap((metadata, at) => (metadata && refOf(names[at] ?? '', metadata)) ?? []);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fromS3(error, `listing task ${taskId} in bucket ${this.#options.bucket}`);
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
      await unlessAborted(this.#bucketIsThere(), signal);
      await remove(REPORT);
      for await (const names of this.#names(taskId, signal)) await Promise.all(names.map(remove));
    } catch (error) {
      signal?.throwIfAborted();
      throw fromS3(error, `removing task ${taskId} from bucket ${this.#options.bucket}`);
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
      throw fromS3(error, `making bucket ${this.#options.bucket}`);
    });
    return this.#bucket;
  }

  #keyOf({ taskId, name }: ArtifactKey): string {
    const { prefix } = this.#options;
    return [...(prefix === undefined ? [] : [prefix]), taskId, name].join('/');
  }

  /**
   * What stands where an artifact shall be put once.
   * @throws {AltsError} `store_unavailable`, also when it is not ours
   */
  async #taken(key: ArtifactKey, signal: AbortSignal | undefined): Promise<ArtifactRef | undefined> {
    const metadata = await this.#head(key, signal);
    if (!metadata) return undefined;
    const ref = refOf(key.name, metadata);
    if (ref) return ref;
    const where = `${this.#keyOf(key)} in bucket ${this.#options.bucket}`;
    throw new AltsError(
      'store_unavailable',
      `${where} is taken: it has neither ${SIZE} nor ${SHA256} in its metadata, so it was not stored by ALTS`,
    );
  }

  /** The metadata; undefined when there is no such object. */
  async #head(key: ArtifactKey, signal: AbortSignal | undefined): Promise<Metadata | undefined> {
    try {
      const command = new HeadObjectCommand({ Bucket: this.#options.bucket, Key: this.#keyOf(key) });
      const { Metadata = {} } = await this.#client.send(command, during(signal));
      return Metadata;
    } catch (error) {
      signal?.throwIfAborted();
      if (hasStatus(error, 404)) return undefined;
      throw fromS3(error, `looking for ${key.name} of task ${key.taskId} in bucket ${this.#options.bucket}`);
    }
  }
}

type Metadata = Readonly<Record<string, string>>;

/** Undefined for what is not ours. */
function refOf(name: string, { [SIZE]: size, [SHA256]: sha256 }: Metadata): ArtifactRef | undefined {
  return size === undefined || sha256 === undefined ? undefined : { name, size: Number(size), sha256 };
}

/** Left out where there is no signal: the client tells `undefined` from nothing. */
function during(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
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
