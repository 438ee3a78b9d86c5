import { OutputTail } from '../authoring/output-tail.ts';
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

async function readTail(store: ResultStore, key: ArtifactKey, limit: number): Promise<ArtifactTail> {
  const end = new OutputTail(limit);
  let size = 0;
  for await (const chunk of store.get(key)) {
    size += chunk.byteLength;
    end.add(chunk);
  }
  const { bytes, truncated: cut } = end;
  return { text: new TextDecoder().decode(cut ? fromLine(bytes) : bytes), size, cut };
}

/** Without the line that was cut; all of it where it is one line. */
function fromLine(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(bytes.indexOf(LINE_FEED) + 1);
}
