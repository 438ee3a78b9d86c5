import { lstat, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { readText } from '../read-text.ts';

const MAIN = 'main.fmf';
const SUFFIX = '.fmf';
const MAX_FILES = 10_000;
const MAX_DEPTH = 64;

/** A node of the tree, with what it says itself. */
export interface FmfNode {
  /** `/tests/smoke`; of the root: empty. */
  readonly name: string;
  /** Attributes in the order in which they are applied: a later one of the same name counts. */
  readonly attributes: [key: string, value: unknown][];
  readonly children: Map<string, FmfNode>;
  /** Where the last file is that says something of it, from the root of the tree; of no file: that of the node above. */
  directory: string;
}

/** Metadata of a tree, and what could not be read. */
export interface FmfTree {
  readonly root: FmfNode;
  readonly notes: readonly string[];
}

/**
 * Reads the `.fmf` files below a directory: `main.fmf` of a directory first, then the others, then its directories, each
 * by name; hidden ones and links to directories are passed over. Keys that begin with `/` are nodes of their own.
 * Source: fmf, «Features»: Hierarchy, Elasticity, Scatter; `Tree.grow` in its base.py.
 * @param root of the suite; nothing outside is read
 * @param top of the tree: where `.fmf/version` is
 */
export async function readFmfTree(root: string, top: string): Promise<FmfTree> {
  const reader = new FmfReader(root, top);
  const node = newNode('', '/');
  await reader.grow(node, '/', 0);
  return { root: node, notes: reader.notes };
}

class FmfReader {
  readonly notes: string[] = [];
  readonly #root: string;
  readonly #top: string;
  #files = 0;

  constructor(root: string, top: string) {
    this.#root = root;
    this.#top = top;
  }

  async grow(node: FmfNode, directory: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) return void this.notes.push(`${directory} is too deep: not read`);
    const names = (await readdir(join(this.#top, directory))).filter((name) => !name.startsWith('.')).sort();
    const files = names.filter((name) => name.endsWith(SUFFIX) && name !== MAIN);
    if (names.includes(MAIN)) await this.#read(node, directory, MAIN);
    for (const name of files) await this.#read(childOf(node, name.slice(0, -SUFFIX.length)), directory, name);
    for (const name of names) {
      if (!(await lstat(join(this.#top, directory, name))).isDirectory()) continue;
      await this.#growChild(node, posix.join(directory, name), { name, depth });
    }
  }

  /** A directory in which nothing is said is no node. */
  async #growChild(
    node: FmfNode,
    directory: string,
    { name, depth }: { readonly name: string; readonly depth: number },
  ): Promise<void> {
    const isNew = !node.children.has(name);
    const child = childOf(node, name);
    await this.grow(child, directory, depth + 1);
    if (isNew && child.attributes.length === 0 && child.children.size === 0) node.children.delete(name);
  }

  async #read(node: FmfNode, directory: string, name: string): Promise<void> {
    const path = posix.join(directory, name);
    this.#files += 1;
    if (this.#files === MAX_FILES) this.notes.push(`more than ${MAX_FILES} files of metadata: the others are not read`);
    if (this.#files >= MAX_FILES) return;
    const data = await this.#parse(path);
    if (!data) return;
    node.directory = directory;
    this.#update(node, data, 0);
  }

  async #parse(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const text = await readText(this.#root, join(this.#top, path));
    if (text === undefined) return void this.notes.push(`${path}: cannot be read`);
    try {
      const document = parseDocument(text, { merge: true, prettyErrors: false });
      const [error] = document.errors;
      if (error) throw error;
      if (document.contents === null) return undefined;
      if (isMap(document.contents)) return document.toJS() as Readonly<Record<string, unknown>>;
      this.notes.push(`${path}: is no list of attributes`);
    } catch (error) {
      // Also where aliases would make gigabytes of a few lines.
      if (!(error instanceof Error)) throw error;
      this.notes.push(`${path}: ${error.message.slice(0, 200)}`);
    }
    return undefined;
  }

  #update(node: FmfNode, data: Readonly<Record<string, unknown>>, depth: number): void {
    for (const [key, value] of Object.entries(data)) {
      const [, name, deeper] = /^\/+([^/]+)(\/.+)?$/.exec(key) ?? [];
      if (name === undefined) node.attributes.push([key, value]);
      else if (depth < MAX_DEPTH)
        this.#updateChild(childOf(node, name), deeper ? { [deeper]: value } : value, depth + 1);
      else this.notes.push(`${node.name} is too deep: not read`);
    }
  }

  #updateChild(child: FmfNode, data: unknown, depth: number): void {
    if (isRecord(data)) this.#update(child, data, depth);
    else if (data !== null) this.notes.push(`${child.name}: has no attributes but ${typeof data}`);
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function newNode(name: string, directory: string): FmfNode {
  return { name, attributes: [], children: new Map(), directory };
}

function childOf(node: FmfNode, name: string): FmfNode {
  const known = node.children.get(name);
  if (known) return known;
  const child = newNode(`${node.name}/${name}`, node.directory);
  node.children.set(name, child);
  return child;
}
