import type { Key } from './python-config.ts';

/** What became of one key of a configuration of the Python system. */
export interface Note {
  /** As it stands in the file: `broker_config.rabbitmq_host`. */
  readonly path: string;
  /**
   * - `understood`: taken over under another name, and means the same.
   * - `replaced`: taken over, and means something else now.
   * - `obsolete`: not needed any more; nothing is lost.
   * - `ignored`: this version does not do what it asks for.
   */
  readonly kind: 'understood' | 'replaced' | 'obsolete' | 'ignored';
  /** The key of the new form that has it, or stands for it: `queue.url`. */
  readonly becomes?: string;
  /** Why, and what to do; no values, for they may be secrets. */
  readonly say: string;
}

/** A note on a key wherever it stands; of a key that is not in the file it is dropped. */
export interface KeyNote extends Omit<Note, 'path'> {
  readonly key: Key;
}

/** What a translator gives: a part of the new form, and a note on each key that it knows of. */
export interface Translated<Part> {
  readonly part: Part;
  readonly notes: readonly KeyNote[];
}

export const understood = (key: Key, becomes: string, say = ''): KeyNote => ({ key, kind: 'understood', becomes, say });
export const replaced = (key: Key, becomes: string, say: string): KeyNote => ({ key, kind: 'replaced', becomes, say });
export const obsolete = (key: Key, say: string, becomes?: string): KeyNote => ({
  key,
  kind: 'obsolete',
  ...(becomes && { becomes }),
  say,
});
export const ignored = (key: Key, say: string, becomes?: string): KeyNote => ({
  key,
  kind: 'ignored',
  ...(becomes && { becomes }),
  say,
});
