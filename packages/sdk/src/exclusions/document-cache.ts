import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const KeptDocument = z.object({
  url: z.string(),
  text: z.string(),
  etag: z.string().optional(),
  /** When the server last said so; milliseconds since 1970. */
  checkedAt: z.number(),
});
export type KeptDocument = z.output<typeof KeptDocument>;

/** Documents by URL, shared by all processes of a user without a lock: each is written beside its place and renamed. */
export class DocumentCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What is kept; undefined: nothing is, or it cannot be read. */
  async get(url: string): Promise<KeptDocument | undefined> {
    try {
      const kept = KeptDocument.parse(JSON.parse(await readFile(this.#pathOf(url), 'utf8')));
      return kept.url === url ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  /** A cache that cannot be written costs time and nothing else. */
  async put(document: KeptDocument): Promise<void> {
    const path = this.#pathOf(document.url);
    const partial = `${path}.partial-${randomUUID()}`;
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeFile(partial, JSON.stringify(document), { mode: 0o600, flag: 'wx' });
      await rename(partial, path);
    } catch {
      await rm(partial, { force: true }).catch(() => {});
    }
  }

  #pathOf(url: string): string {
    return join(this.#directory, `${createHash('sha256').update(url).digest('hex')}.json`);
  }
}
