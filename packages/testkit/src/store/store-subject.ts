import { createHash } from 'node:crypto';
import type { ArtifactRef, Bytes, ResultStore } from '@alts/sdk/plugin';
import type { Case } from '../framework.ts';

export interface StoreSubject {
  readonly store: ResultStore;
  readonly createUnreachable: () => ResultStore | Promise<ResultStore>;
  /** One that nobody else uses. */
  readonly taskId: string;
}

export type StoreCase = Case<StoreSubject>;

export function refOf(name: string, content: string | Uint8Array): ArtifactRef {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { name, size: Buffer.byteLength(content), sha256 };
}

/** Content that stops after its first piece, until it is told to go on. */
export function held(first: string, rest: string) {
  const reached = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  async function* content(): Bytes & AsyncGenerator<Uint8Array> {
    yield Buffer.from(first);
    reached.resolve();
    await release.promise;
    yield Buffer.from(rest);
  }
  return { content: content(), reached: reached.promise, release: release.resolve };
}
