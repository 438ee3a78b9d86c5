import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { LocalSuite, PlannedTest, SuitePlan } from '../../contracts/suite-plan.ts';
import { whyData } from './data-files.ts';
import { readScript } from './read-script.ts';
import { scriptCommand } from './script-command.ts';

export interface ScriptOptions {
  /** Ansible can reach the environment. */
  readonly ansible?: boolean;
}

/** What comes before all others, in this order: it prepares, and its failure decides nothing. */
const FIRST: readonly RegExp[] = [/^0_init(\.(sh|bash|py|bats))?$/, /^0_init\.ya?ml$/, /^ansible\/0_init\.ya?ml$/];
const INSTALL = /^0_install/;
const NAMES_IN_NOTE = 20;

/**
 * Plans a directory of scripts as ALTS always has: each file and each link to a file directly in it is a test, and they
 * run in the order `0_init`, `0_init.yml`, `ansible/0_init.yml`, those that begin with `0_install`, then by name, byte by
 * byte. Directories and hidden files are passed over; documents and data are named in a note.
 */
export async function planScripts(suite: LocalSuite, options: ScriptOptions = {}): Promise<SuitePlan> {
  const directory = join(suite.root, suite.dir);
  const names = [...(await fileNames(directory)), ...(await ansibleInit(directory))].sort(byPlace);
  const tests: PlannedTest[] = [];
  const notes: string[] = [];
  const leftOut = new Map<string, string[]>();
  for (const name of names) {
    const script = await readScript(suite.root, join(directory, name));
    const reason = typeof script === 'string' ? script : whyData(name, script);
    if (typeof script === 'string' || reason !== undefined) {
      leftOut.set(reason ?? '', [...(leftOut.get(reason ?? '') ?? []), name]);
      continue;
    }
    const { note, ...how } = /\.ya?ml$/.test(name)
      ? playbook(suite, name, options)
      : { note: undefined, ...scriptCommand(`./${name}`, script) };
    if (note) notes.push(`${name}: ${note}`);
    tests.push({ name, ...how, ...(placeOf(name) < FIRST.length && { optional: true }), protocol: { type: 'tap' } });
  }
  return { format: 'scripts', tests, notes: [...notes, ...[...leftOut].map(([why, left]) => noteOf(why, left))] };
}

function playbook(
  { dir }: LocalSuite,
  name: string,
  { ansible = false }: ScriptOptions,
): Pick<PlannedTest, 'kind' | 'command' | 'requires' | 'skip'> & { readonly note?: undefined } {
  return {
    kind: 'ansible',
    command: [posix.join(dir, name)],
    // What ansible needs inside; it is not there before a playbook is to be run.
    requires: ['python3'],
    ...(!ansible && { skip: 'ansible cannot reach this environment: its runner does not say how' }),
  };
}

async function fileNames(directory: string): Promise<string[]> {
  const entries = await entriesOf(directory);
  return entries.filter((entry) => !entry.name.startsWith('.') && !entry.isDirectory()).map(({ name }) => name);
}

/** None, where there is no such directory. */
async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(`${error.code}`))
      return [];
    throw error;
  }
}

async function ansibleInit(directory: string): Promise<string[]> {
  const names = (await entriesOf(join(directory, 'ansible'))).map(({ name }) => `ansible/${name}`);
  return names.filter((name) => placeOf(name) < FIRST.length);
}

function placeOf(name: string): number {
  const first = FIRST.findIndex((pattern) => pattern.test(name));
  if (first >= 0) return first;
  return INSTALL.test(name) ? FIRST.length : FIRST.length + 1;
}

function byPlace(one: string, other: string): number {
  return placeOf(one) - placeOf(other) || Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function noteOf(why: string, names: readonly string[]): string {
  const shown = names.slice(0, NAMES_IN_NOTE).map((name) => JSON.stringify(name));
  const more = names.length > NAMES_IN_NOTE ? ` and ${names.length - NAMES_IN_NOTE} more` : '';
  return `left out, ${why}: ${shown.join(', ')}${more}`;
}
