import { type FmfNode, isRecord } from './fmf-tree.ts';

/** A node with all that it says or inherits. */
export interface FmfObject {
  readonly name: string;
  readonly directory: string;
  readonly data: ReadonlyMap<string, unknown>;
}

/** What may follow the name of an attribute. Of these, `+` and `+<` are understood. */
const SUFFIX = /^(.+?)(\+<|\+|-~|-|~)$/;

/**
 * The leaves of the tree, and other nodes that say `select: true`; each with what it inherits.
 * Source: fmf, «Features»: Inheritance, Merging, Leaves, Select.
 * @param note of what is not understood
 */
export function* inherit(
  node: FmfNode,
  above: ReadonlyMap<string, unknown>,
  note: (text: string) => void,
): Generator<FmfObject> {
  const directives = node.attributes.find(([key]) => key === '/')?.[1];
  const { inherit: inherits = true, select = node.children.size === 0 } = isRecord(directives) ? directives : {};
  const data = new Map(inherits === false ? [] : above);
  for (const [key, value] of node.attributes)
    if (key !== '/') apply(data, [key, value], (why) => note(`${node.name}: ${why}`));
  if (select === true) yield { name: node.name, directory: node.directory, data };
  for (const child of node.children.values()) yield* inherit(child, data, note);
}

function apply(data: Map<string, unknown>, [key, value]: [string, unknown], note: (why: string) => void): void {
  const [, name = key, suffix] = SUFFIX.exec(key) ?? [];
  const before = data.get(name);
  if (suffix === undefined || (suffix.startsWith('+') && before === undefined)) return void data.set(name, value);
  const merged = suffix === '+' ? merge(before, value) : suffix === '+<' ? merge(value, before) : undefined;
  if (merged === undefined) note(`"${key}" is not understood, and not heeded`);
  else data.set(name, merged);
}

/** Undefined: the two do not go together. */
function merge(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  if (isRecord(one) && isRecord(other)) return { ...one, ...other };
  if (typeof one === 'string' && typeof other === 'string') return one + other;
  if (typeof one === 'number' && typeof other === 'number') return one + other;
  return undefined;
}
