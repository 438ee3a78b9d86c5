import { z } from 'zod';
import { callbacksOf } from './callbacks.ts';
import { type Flattened, flatten } from './flatten.ts';
import { leftOut } from './left-out.ts';
import type { KeyNote, Note } from './note.ts';
import { type Key, PythonConfig } from './python-config.ts';
import { queueOf } from './queue.ts';
import { schedulerOf, servedOf, usualQueue } from './scheduler.ts';
import { SettingError } from './setting-error.ts';
import { storeOf } from './store.ts';
import { workerOf } from './worker.ts';

export interface FromPython {
  /** As it would be written in the new form: its defaults are left out, it is not checked yet, files are named. */
  readonly config: Readonly<Record<string, unknown>>;
  /** One for each key of the file, in the order of the file. */
  readonly notes: readonly Note[];
}

/**
 * Translates a configuration of the Python system, flat or nested, into the new form.
 * @param document what YAML gives
 * @throws {z.ZodError} whose issues have paths of the document
 */
export function fromPythonConfig(document: unknown): FromPython {
  const flat = flatten(PythonConfig.parse(document), document);
  try {
    return translate(flat);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new z.ZodError([
      { code: 'custom', path: placeOf(error.key, flat), message: said(error, flat), input: undefined },
    ]);
  }
}

function translate(flat: Flattened): FromPython {
  const { settings } = flat;
  const queue = queueOf(settings);
  const store = storeOf(settings);
  const served = servedOf(settings);
  const scheduler = schedulerOf(settings, served.part);
  const worker = workerOf(settings, usualQueue(served.part));
  const callbacks = callbacksOf(settings);
  const parts = [queue, store, served, scheduler, worker, callbacks];
  return {
    config: {
      queue: queue.part,
      store: store.part,
      ...(scheduler.part && { scheduler: scheduler.part }),
      worker: worker.part,
      ...(callbacks.part && { callbacks: callbacks.part }),
    },
    notes: notesOf([...parts.flatMap(({ notes }) => notes), ...leftOut()], flat),
  };
}

/** The notes on keys that are there, in the order of the file; of two on one key the first. */
function notesOf(all: readonly KeyNote[], { paths, empty, order }: Flattened): Note[] {
  const byKey = new Map(all.toReversed().map((note) => [note.key, note]));
  const notes = [...paths].flatMap(([key, path]): Note[] => {
    const { key: _, ...note } = byKey.get(key) ?? {};
    return 'kind' in note ? [{ path: path.join('.'), ...note }] : [];
  });
  const without = empty.map((path): Note => ({ path: path.join('.'), kind: 'understood', say: 'has no value' }));
  return [...notes, ...without].toSorted((a, b) => order.indexOf(a.path) - order.indexOf(b.path));
}

/** Where a setting stands; of one that is missing the section that its likes are in. */
function placeOf(key: Key, { paths }: Flattened): string[] {
  const own = paths.get(key);
  if (own) return [...own];
  const family = key.split('_')[0] ?? key;
  const like = [...paths].find(([other]) => other.startsWith(`${family}_`));
  return like?.[1].slice(0, -1) ?? [];
}

function said({ key, message }: SettingError, { paths }: Flattened): string {
  return paths.has(key) ? message : `${key}: ${message}`;
}
