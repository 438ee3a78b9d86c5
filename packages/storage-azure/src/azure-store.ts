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
import { BlobSASPermissions, type ContainerClient } from '@azure/storage-blob';
import { fromAzure, hasCode, hasStatus } from './azure-errors.ts';
import { AzureOptions, type AzureOptionsInput } from './azure-options.ts';
import { containerClient } from './container-client.ts';

/** Of the content itself, not of what is stored: that is compressed. Names of metadata are identifiers of C#. */
const SIZE = 'altssize';
const SHA256 = 'altssha256';
/** What is larger goes in blocks, each sent again alone when it fails. */
const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCKS_AT_ONCE = 2;
/** Goes first when a task is removed: no reader sees a report of what is not there. */
const REPORT = 'report.json';

class AzureStore implements ResultStore {
  readonly contract = 'result-store/1';
  readonly #options: AzureOptions;
  #client: Promise<ContainerClient> | undefined;

  constructor(options: AzureOptions) {
    this.#options = options;
  }

  async put(key: ArtifactKey, content: Bytes, options: Parameters<ResultStore['put']>[2] = {}): Promise<ArtifactRef> {
    assertArtifactKey(key);
    const { signal, once = false } = options;
    signal?.throwIfAborted();
    const first = once ? await this.#head(key, signal) : undefined;
    if (first) return first;
    await using compressed = await compress(content, signal);
    try {
      await this.#send(key, compressed, { signal, once });
    } catch (error) {
      signal?.throwIfAborted();
      const taken = once && hasCode(error, 'BlobAlreadyExists', 'ConditionNotMet');
      const winner = taken ? await this.#head(key, signal) : undefined;
      if (winner) return winner;
      throw fromAzure(error, `storing ${key.name} of task ${key.taskId} in ${this.#options.container}`);
    }
    return { name: key.name, size: compressed.size, sha256: compressed.sha256 };
  }

  async #send(
    key: ArtifactKey,
    { size, sha256, open }: CompressedContent,
    { signal, once }: { readonly signal: AbortSignal | undefined; readonly once: boolean },
  ): Promise<void> {
    const blob = (await this.#container()).getBlockBlobClient(this.#nameOf(key));
    await blob.uploadStream(open(), BLOCK_BYTES, BLOCKS_AT_ONCE, {
      ...during(signal),
      blobHTTPHeaders: { blobContentType: contentTypeOf(key.name), blobContentEncoding: 'gzip' },
      metadata: { [SIZE]: String(size), [SHA256]: sha256 },
      ...(once && { conditions: { ifNoneMatch: '*' } }),
    });
  }

  async *get(key: ArtifactKey, { signal }: Abortable = {}): AsyncGenerator<Uint8Array> {
    assertArtifactKey(key);
    const wanted = `${key.name} of task ${key.taskId}`;
    try {
      const blob = (await this.#container()).getBlobClient(this.#nameOf(key));
      const { readableStreamBody, contentEncoding, metadata } = await blob.download(0, undefined, during(signal));
      const stored = readableStreamBody as Readable;
      const content = contentEncoding === 'gzip' ? pipeline(stored, createGunzip(), () => undefined) : stored;
      yield* verified(content, metadata?.[SHA256], wanted);
    } catch (error) {
      signal?.throwIfAborted();
      if (hasCode(error, 'BlobNotFound')) {
        throw new AltsError('artifact_not_found', `no artifact ${wanted}`, { cause: error });
      }
      throw fromAzure(error, `reading ${wanted} from ${this.#options.container}`);
    }
  }

  async *list(taskId: string, { signal }: Abortable = {}): AsyncGenerator<ArtifactRef> {
    assertArtifactKey({ taskId, name: 'any' });
    const prefix = this.#nameOf({ taskId, name: '' });
    try {
      const container = await this.#container();
      for await (const { name, metadata } of container.listBlobsFlat({ prefix, includeMetadata: true })) {
        signal?.throwIfAborted();
        yield refOf(name.slice(prefix.length), metadata);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fromAzure(error, `listing task ${taskId} in ${this.#options.container}`);
    }
  }

  async remove(taskId: string, { signal }: Abortable = {}): Promise<void> {
    assertArtifactKey({ taskId, name: 'any' });
    const prefix = this.#nameOf({ taskId, name: '' });
    try {
      const container = await this.#container();
      await container.getBlobClient(prefix + REPORT).deleteIfExists(during(signal));
      for await (const { name } of container.listBlobsFlat({ prefix, ...during(signal) })) {
        await container.getBlobClient(name).deleteIfExists(during(signal));
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fromAzure(error, `removing task ${taskId} from ${this.#options.container}`);
    }
  }

  locate(taskId: string): string {
    assertArtifactKey({ taskId, name: 'any' });
    return `azure://${this.#options.container}/${this.#nameOf({ taskId, name: '' })}`;
  }

  /** By a key of the account; who signs in otherwise has none to sign with. */
  async link(key: ArtifactKey, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<URL> {
    assertArtifactKey(key);
    const blob = (await this.#container()).getBlobClient(this.#nameOf(key));
    const expiresOn = new Date(Date.now() + expiresInSeconds * 1000);
    try {
      return new URL(await blob.generateSasUrl({ expiresOn, permissions: BlobSASPermissions.parse('r') }));
    } catch (cause) {
      throw new AltsError('not_supported', 'links are signed with a key of the account, and none is configured', {
        cause,
      });
    }
  }

  #nameOf({ taskId, name }: ArtifactKey): string {
    const { prefix } = this.#options;
    return [...(prefix === undefined ? [] : [prefix]), taskId, name].join('/');
  }

  /** Undefined when there is none. */
  async #head(key: ArtifactKey, signal: AbortSignal | undefined): Promise<ArtifactRef | undefined> {
    try {
      const blob = (await this.#container()).getBlobClient(this.#nameOf(key));
      const { metadata } = await blob.getProperties(during(signal));
      return refOf(key.name, metadata);
    } catch (error) {
      signal?.throwIfAborted();
      if (hasStatus(error, 404)) return undefined;
      throw fromAzure(error, `looking for ${key.name} of task ${key.taskId} in ${this.#options.container}`);
    }
  }

  /** Signing in may need a library that is loaded when it is wanted. */
  #container(): Promise<ContainerClient> {
    this.#client ??= containerClient(this.#options);
    return this.#client;
  }
}

function refOf(name: string, metadata: Readonly<Record<string, string>> | undefined): ArtifactRef {
  return { name, size: Number(metadata?.[SIZE] ?? 0), sha256: metadata?.[SHA256] ?? '' };
}

function during(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

/**
 * Results in Azure Blob Storage: a blob for each artifact, compressed, at `<prefix>/<task id>/<name>`.
 * @throws {AltsError} `invalid_request` for options
 */
export function azureStore(options: AzureOptionsInput): ResultStore {
  const parsed = AzureOptions.safeParse(options);
  if (parsed.success) return new AzureStore(parsed.data);
  throw new AltsError('invalid_request', `options of result-store azure: ${describeZodError(parsed.error, {})}`);
}
