import { AltsError, type ResultStore } from '@alts/sdk/plugin';

/** As long as it waits for its server. */
const LIMIT_MS = 300;

/** A store whose server has yet to answer anything: it asks, and gives up in time. */
export function askingStore(server: URL): ResultStore {
  const ask = async (): Promise<never> => {
    try {
      await (await fetch(server, { signal: AbortSignal.timeout(LIMIT_MS) })).text();
    } catch (cause) {
      throw new AltsError('store_unavailable', `${server} is silent`, { cause });
    }
    throw new AltsError('internal', `${server} answered`);
  };
  return {
    contract: 'result-store/1',
    put: ask,
    async *get() {
      yield await ask();
    },
    async *list() {
      yield await ask();
    },
    remove: ask,
  };
}
