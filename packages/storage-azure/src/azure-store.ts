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
import { BlobSASPermissions, type ContainerClient } from '@azure/storage-blob';
import { type Account, accountOf } from './account.ts';
import { fromAzure, hasCode, hasStatus } from './azure-errors.ts';
import { AzureOptions, type AzureOptionsInput } from './azure-options.ts';
import { DelegationKeys } from './delegation-keys.ts';

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
  readonly #signIn: () => Promise<Account>;
  #account: Promise<Account> | undefined;
  #delegated: DelegationKeys | undefined;

  constructor(options: AzureOptions) {
    this.#options = options;
    this.#signIn = accountOf(options);
  }

  async put(key: ArtifactKey, content: Bytes, options: Parameters<ResultStore['put']>[2] = {}): Promise<ArtifactRef> {
    assertArtifactKey(key);
    const { signal, once = false } = options;
    signal?.throwIfAborted();
    const first = once ? await this.#taken(key, signal) : undefined;
    if (first) return first;
    await using compressed = await compress(content, signal);
    try {
      await this.#send(key, compressed, { signal, once });
    } catch (error) {
      signal?.throwIfAborted();
      const taken = once && hasCode(error, 'BlobAlreadyExists', 'ConditionNotMet');
      const winner = taken ? await this.#taken(key, signal) : undefined;
      if (winner) return winner;
      throw fromAzure(error, `storing ${key.name} of task ${key.taskId} in container ${this.#options.container}`);
    }
    return { name: key.name, size: compressed.size, sha256: compressed.sha256 };
  }

  async #send(
    key: ArtifactKey,
    { size, sha256, open }: CompressedContent,
    { signal, once }: { readonly signal: AbortSignal | undefined; readonly once: boolean },
  ): Promise<void> {
    const blob = (await this.#container()).getBlockBlobClient(this.#nameOf(key));
    const stored = blob.uploadStream(open(), BLOCK_BYTES, BLOCKS_AT_ONCE, {
      ...during(signal),
      blobHTTPHeaders: { blobContentType: contentTypeOf(key.name), blobContentEncoding: 'gzip' },
      metadata: { [SIZE]: String(size), [SHA256]: sha256 },
      ...(once && { conditions: { ifNoneMatch: '*' } }),
    });
    // The library does not tell the blocks of the signal: they come to their own ends, and are nothing without the last word.
    await unlessAborted(stored, signal);
  }

  async *get(key: ArtifactKey, { signal }: Abortable = {}): AsyncGenerator<Uint8Array> {
    assertArtifactKey(key);
    const wanted = `${key.name} of task ${key.taskId}`;
    try {
      const blob = (await this.#container()).getBlobClient(this.#nameOf(key));
      const options = { ...during(signal), maxRetryRequests: this.#options.maxAttempts - 1 };
      const { readableStreamBody, contentEncoding, metadata } = await blob.download(0, undefined, options);
      const stored = readableStreamBody as Readable;
      const content = contentEncoding === 'gzip' ? pipeline(stored, createGunzip(), () => undefined) : stored;
      try {
        yield* verified(content, metadata?.[SHA256], wanted);
      } finally {
        stored.destroy();
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (hasCode(error, 'BlobNotFound')) {
        throw new AltsError('artifact_not_found', `no artifact ${wanted}`, { cause: error });
      }
      throw fromAzure(error, `reading ${wanted} from container ${this.#options.container}`);
    }
  }

  async *list(taskId: string, { signal }: Abortable = {}): AsyncGenerator<ArtifactRef> {
    assertArtifactKey({ taskId, name: 'any' });
    const prefix = this.#nameOf({ taskId, name: '' });
    try {
      const container = await this.#container();
      for await (const { name, metadata } of container.listBlobsFlat({
        prefix,
        includeMetadata: true,
        ...during(signal),
      })) {
        signal?.throwIfAborted();
        const ref = refOf(name.slice(prefix.length), metadata);
        if (ref) yield ref;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fromAzure(error, `listing task ${taskId} in container ${this.#options.container}`);
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
      throw fromAzure(error, `removing task ${taskId} from container ${this.#options.container}`);
    }
  }

  locate(taskId: string): string {
    assertArtifactKey({ taskId, name: 'any' });
    return `azure://${this.#options.container}/${this.#nameOf({ taskId, name: '' })}`;
  }

  /** By a key of the account, or by one that it lends to an identity; a shared access signature signs nothing. */
  async link(key: ArtifactKey, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<URL> {
    assertArtifactKey(key);
    const expiresOn = new Date(Date.now() + expiresInSeconds * 1000);
    const what = { expiresOn, permissions: BlobSASPermissions.parse('r') };
    try {
      const { service, signs } = await this.#signedIn();
      const blob = service.getContainerClient(this.#options.container).getBlobClient(this.#nameOf(key));
      if (signs === 'with the key') return new URL(await blob.generateSasUrl(what));
      if (signs === 'by identity') {
        this.#delegated ??= new DelegationKeys(service);
        return new URL(await blob.generateUserDelegationSasUrl(what, await this.#delegated.keyUntil(expiresOn)));
      }
    } catch (error) {
      throw fromAzure(error, `signing a link to ${key.name} of task ${key.taskId}`);
    }
    throw new AltsError(
      'not_supported',
      'links are signed with a key of the account or by an identity; a shared access signature signs none',
    );
  }

  #nameOf({ taskId, name }: ArtifactKey): string {
    const { prefix } = this.#options;
    return [...(prefix === undefined ? [] : [prefix]), taskId, name].join('/');
  }

  /**
   * What stands where an artifact shall be put once.
   * @throws {AltsError} `store_unavailable`, also when it is not ours
   */
  async #taken(key: ArtifactKey, signal: AbortSignal | undefined): Promise<ArtifactRef | undefined> {
    const where = `${this.#nameOf(key)} in container ${this.#options.container}`;
    try {
      const blob = (await this.#container()).getBlobClient(this.#nameOf(key));
      const { metadata } = await blob.getProperties(during(signal));
      const ref = refOf(key.name, metadata);
      if (ref) return ref;
    } catch (error) {
      signal?.throwIfAborted();
      if (hasStatus(error, 404)) return undefined;
      throw fromAzure(error, `looking for ${where}`);
    }
    throw new AltsError(
      'store_unavailable',
      `${where} is taken: it has neither ${SIZE} nor ${SHA256} in its metadata, so it was not stored by ALTS`,
    );
  }

  async #container(): Promise<ContainerClient> {
    return (await this.#signedIn()).service.getContainerClient(this.#options.container);
  }

  /** Signing in may need a library that is loaded when it is wanted. */
  #signedIn(): Promise<Account> {
    this.#account ??= this.#signIn().catch((error: unknown) => {
      this.#account = undefined;
      throw error;
    });
    return this.#account;
  }
}

/** Undefined for what is not ours. */
function refOf(name: string, metadata: Readonly<Record<string, string>> = {}): ArtifactRef | undefined {
  const { [SIZE]: size, [SHA256]: sha256 } = metadata;
  return size === undefined || sha256 === undefined ? undefined : { name, size: Number(size), sha256 };
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
