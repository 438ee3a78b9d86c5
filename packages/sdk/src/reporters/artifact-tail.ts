import { AltsError } from '../contracts/errors.ts';
import type { ArtifactKey, ResultStore } from '../contracts/result-store.ts';
import type { ArtifactReader, ArtifactTail } from './reporter.ts';

const LINE_FEED = 0x0a;

/** Artifacts as reporters read them, out of a result store. */
export function artifactReader(store: ResultStore): ArtifactReader {
  return {
    tail: async (key, limit) => {
      try {
        return await readTail(store, key, limit);
      } catch (error) {
        return { problem: AltsError.from(error).message };
      }
    },
  };
}

/** Keeps `limit` bytes and a chunk at most, however long the artifact is. */
async function readTail(store: ResultStore, key: ArtifactKey, limit: number): Promise<ArtifactTail> {
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  let size = 0;
  for await (const chunk of store.get(key)) {
    size += chunk.length;
    kept.push(chunk);
    keptBytes += chunk.length;
    // Not for each chunk: joining is what costs.
    if (keptBytes > 2 * limit) {
      kept = [last(kept, limit)];
      keptBytes = limit;
    }
  }
  const cut = size > limit;
  const bytes = last(kept, limit);
  return { text: new TextDecoder().decode(cut ? fromLine(bytes) : bytes), size, cut };
}

function last(chunks: readonly Uint8Array[], limit: number): Uint8Array {
  const all = Buffer.concat(chunks);
  return all.subarray(Math.max(0, all.length - limit));
}

/** Without the line that was cut; all of it where it is one line. */
function fromLine(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(bytes.indexOf(LINE_FEED) + 1);
}
