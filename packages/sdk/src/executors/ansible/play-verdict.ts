import type { ExecEnd, Inventory, OutputChunk } from '../../contracts/environment.ts';
import { HOST } from './play-files.ts';

/** Characters of each stream: the recap of one host is a line. */
const KEPT = 65_536;

/** Looks in what ansible-playbook prints for why its exit code does not count; bounded. */
export class PlayWitness {
  readonly #connection: string;
  readonly #texts = { stdout: '', stderr: '' };

  constructor(inventory: Inventory) {
    this.#connection = String(inventory['ansible_connection'] ?? 'ssh');
  }

  push({ stream, bytes }: OutputChunk): void {
    this.#texts[stream] = (this.#texts[stream] + Buffer.from(bytes).toString('latin1')).slice(-KEPT);
  }

  /** One sentence; undefined: the exit code counts. */
  whyUnusable(end: ExecEnd): string | undefined {
    if (end.type !== 'exit') return undefined;
    if (end.code === 0) return this.#ranHere ? undefined : NOT_HERE;
    const connection = this.#connection;
    const text = this.#texts.stdout + this.#texts.stderr;
    if (text.includes(`connection plugin '${connection}' was not found`)) {
      const collection = connection.split('.').slice(0, 2).join('.');
      return `ansible on this machine has no connection ${connection}: install it with "ansible-galaxy collection install ${collection}", or the package ansible of the distribution`;
    }
    return text.includes('docker command not found')
      ? 'the program docker is not on this machine, by which ansible reaches the environment: install it'
      : undefined;
  }

  /** Also 0 where no host fits. */
  get #ranHere(): boolean {
    const { stdout } = this.#texts;
    const recap = stdout.slice(stdout.lastIndexOf('\nPLAY RECAP '));
    return new RegExp(`^${HOST} +: `, 'm').test(recap);
  }
}

const NOT_HERE = 'none of its plays is for the environment, so nothing was tested: "hosts: all" fits';
