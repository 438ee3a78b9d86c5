import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inventory } from '../../contracts/environment.ts';
import { temporaryDirectory } from '../../machine/temporary-directory.ts';

/** What the environment is called in the inventory: the only host there, so that `hosts: all` fits. */
export const HOST = 'environment';

/** Files of one run of a playbook; they go with it. */
export interface PlayFiles extends AsyncDisposable {
  /** For the user who runs the test alone; what is unique in it tells the processes of the run from others. */
  readonly directory: string;
  readonly inventory: string;
  readonly variables: string;
  /** Empty, so that no configuration of the user or of the suite counts. */
  readonly configuration: string;
}

export async function writePlayFiles(
  inventory: Inventory,
  variables: Readonly<Record<string, string>>,
): Promise<PlayFiles> {
  const temporary = await temporaryDirectory('ansible');
  const directory = temporary.path;
  const files: PlayFiles = {
    directory,
    inventory: join(directory, 'inventory.json'),
    variables: join(directory, 'variables.yml'),
    configuration: join(directory, 'ansible.cfg'),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  };
  await writeFile(files.inventory, formatInventory(inventory));
  await writeFile(files.variables, formatVariables(variables), { mode: 0o600 });
  await writeFile(files.configuration, '');
  return files;
}

export function formatInventory(inventory: Inventory): string {
  return JSON.stringify({ all: { hosts: { [HOST]: inventory } } });
}

/**
 * Variables as YAML whose values ansible takes as they are: a string stays a string, and `{{ }}` in it is not a template.
 * Source: "Advanced playbook syntax: unsafe or raw strings" of the ansible documentation; YAML 1.1, 5.7.
 */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `${quote(name)}: !unsafe ${quote(value)}\n`);
  return lines.length === 0 ? '{}\n' : lines.join('');
}

function quote(text: string): string {
  const escaped = text.replace(/["\\]|[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code === 0x22 || code === 0x5c ? `\\${character}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${escaped}"`;
}
