import { AltsError, type ArtifactKey, type ResultStore } from '@alts/sdk/plugin';
import { bytesOf, pieces } from '../expectations.ts';
import type { Broken } from './broken.fixture.ts';

function broken(change: (right: ResultStore) => Partial<ResultStore>): (right: ResultStore) => ResultStore {
  return (right) => ({
    contract: right.contract,
    put: (...args) => right.put(...args),
    get: (...args) => right.get(...args),
    list: (...args) => right.list(...args),
    ...change(right),
  });
}

/** Writes each piece where all can see it. */
function inPlace(right: ResultStore): ResultStore {
  return broken(() => ({
    put: async (key, content) => {
      let written = Buffer.alloc(0);
      let ref = await right.put(key, pieces());
      for await (const piece of content) {
        written = Buffer.concat([written, piece]);
        ref = await right.put(key, pieces(written));
      }
      return ref;
    },
  }))(right);
}

async function isThere(store: ResultStore, key: ArtifactKey): Promise<boolean> {
  return await bytesOf(store.get(key)).then(
    () => true,
    () => false,
  );
}

const emptyForAll = broken((right) => ({
  async *list(taskId, options) {
    try {
      yield* right.list(taskId, options);
    } catch {}
  },
}));

export const brokenStores: readonly Broken<ResultStore>[] = [
  {
    fault: 'speaks another contract',
    breaks: 'says its contract',
    make: broken(() => ({ contract: 'result-store/2' as 'result-store/1' })),
  },
  {
    fault: 'gives a wrong digest',
    breaks: 'answers with name, size and digest',
    make: broken((right) => ({ put: async (...args) => ({ ...(await right.put(...args)), sha256: '0'.repeat(64) }) })),
  },
  {
    fault: 'shows half of an artifact',
    breaks: 'shows nothing of an artifact until all of it is there',
    make: inPlace,
  },
  { fault: 'writes over what is there', breaks: 'replaces an artifact as a whole', make: inPlace },
  {
    fault: 'ignores once',
    breaks: 'once: the first writer wins',
    make: broken((right) => ({ put: (key, content) => right.put(key, content) })),
  },
  {
    fault: 'looks first and writes then',
    breaks: 'once: of writers at the same time exactly one wins',
    make: broken((right) => ({
      put: async (key, content, options) => {
        if (options?.once && (await isThere(right, key))) return await right.put(key, content, options);
        return await right.put(key, content);
      },
    })),
  },
  {
    fault: 'keeps what came before the content broke off',
    breaks: 'passes on the error of the content itself',
    make: inPlace,
  },
  {
    fault: 'makes an error of its own of that of the content',
    breaks: 'passes on the error of the content itself',
    make: broken((right) => ({
      put: (...args) =>
        right.put(...args).catch((cause) => {
          throw new AltsError('store_unavailable', 'put failed', { cause });
        }),
    })),
  },
  {
    fault: 'waits for content that is silent, abort or not',
    breaks: 'an abort ends a put whose content is silent',
    limitMs: 500,
    make: broken((right) => ({ put: (key, content) => right.put(key, content) })),
  },
  {
    fault: 'puts although it was aborted before',
    breaks: 'puts nothing when the signal was aborted before',
    make: broken((right) => ({ put: (key, content) => right.put(key, content) })),
  },
  {
    fault: 'changes bytes',
    breaks: 'gives back every byte',
    make: broken((right) => ({
      async *get(key, options) {
        for await (const piece of right.get(key, options)) yield Buffer.from(Buffer.from(piece).toString());
      },
    })),
  },
  {
    fault: 'does not list what is empty',
    breaks: 'keeps an empty artifact',
    make: broken((right) => ({
      async *list(taskId, options) {
        for await (const ref of right.list(taskId, options)) if (ref.size > 0) yield ref;
      },
    })),
  },
  {
    fault: 'forgets sizes',
    breaks: 'lists what a task has',
    make: broken((right) => ({
      async *list(taskId, options) {
        for await (const ref of right.list(taskId, options)) yield { ...ref, size: 0 };
      },
    })),
  },
  {
    fault: 'lists by the beginning of a name',
    breaks: 'keeps tasks apart',
    make: broken((right) => ({
      async *list(taskId, options) {
        yield* right.list(taskId, options);
        yield* right.list(`${taskId}.2`, options);
      },
    })),
  },
  {
    fault: 'complains of a task that it does not know',
    breaks: 'lists nothing for a task that nothing is known of',
    make: broken((right) => ({
      async *list(taskId, options) {
        const refs = await Array.fromAsync(right.list(taskId, options));
        if (refs.length === 0) throw new AltsError('artifact_not_found', 'no such task');
        yield* refs;
      },
    })),
  },
  {
    fault: 'gives nothing for what is not there',
    breaks: 'says artifact_not_found',
    make: broken((right) => ({
      async *get(key, options) {
        if (await isThere(right, key)) yield* right.get(key, options);
      },
    })),
  },
  {
    fault: 'gives an artifact once',
    breaks: 'lets a reader stop early',
    make: (right) => {
      let given = false;
      return broken(() => ({
        async *get(key, options) {
          if (given) throw new AltsError('artifact_not_found', 'gone');
          given = true;
          yield* right.get(key, options);
        },
      }))(right);
    },
  },
  {
    fault: 'reads on after an abort',
    breaks: 'an abort ends get and list',
    make: broken((right) => ({ get: (key) => right.get(key) })),
  },
  {
    fault: 'makes good names of bad ones',
    breaks: 'refuses names that are not those of artifacts',
    make: broken((right) => ({
      put: (key, content, options) =>
        right.put({ ...key, name: key.name.replace(/\W/g, '_') || '_' }, content, options),
    })),
  },
  {
    fault: 'lists nothing for what is no id',
    breaks: 'refuses what is not the id of a task',
    make: emptyForAll,
  },
  { fault: 'is empty when it is down', breaks: 'says store_unavailable when it cannot work', make: emptyForAll },
  {
    fault: 'says not found when it is down',
    breaks: 'says store_unavailable when it cannot work',
    make: broken((right) => ({
      async *get(key, options) {
        try {
          yield* right.get(key, options);
        } catch (cause) {
          throw new AltsError('artifact_not_found', 'not found', { cause });
        }
      },
    })),
  },
  {
    fault: 'waits for a server for ever',
    breaks: 'says store_unavailable when it takes connections and never answers',
    limitMs: 3000,
    make: broken(() => ({ put: () => new Promise(() => undefined) })),
  },
  {
    fault: 'waits for ever for the rest of an answer',
    breaks: 'says store_unavailable when it falls silent in the middle of a listing',
    limitMs: 3000,
    make: broken(() => ({
      async *list() {
        yield await new Promise<never>(() => undefined);
      },
    })),
  },
  {
    fault: 'is empty when its server falls silent',
    breaks: 'says store_unavailable when it falls silent in the middle of a listing',
    make: emptyForAll,
  },
];
