import type { PackageManager, Shell } from '../../contracts/package-manager.ts';
import type { Failure } from '../../contracts/report.ts';
import { decodeLines } from './decode-lines.ts';

/** Prints those of its arguments that are programs. */
const PROGRAMS = `for name; do command -v -- "$name" > /dev/null && printf '%s\\n' "$name"; done; :`;
/** Other than a name alone is a condition for the package manager. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/;

/** What is installed for tests, when the first test needs it and not before. */
export class SuiteTools {
  readonly #shell: Shell;
  readonly #manager: PackageManager;
  readonly #met = new Set<string>();
  #before: ReadonlyMap<string, string> | undefined;

  constructor(shell: Shell, manager: PackageManager) {
    this.#shell = shell;
    this.#manager = manager;
  }

  /**
   * Sees to it that dependencies are met. A program that is there needs no package, wherever it is from.
   * @returns why they cannot be met
   */
  async require(dependencies: readonly string[]): Promise<Failure | undefined> {
    const open = dependencies.filter((one) => !this.#met.has(one));
    const there = await this.#programs(open.filter((one) => NAME.test(one)));
    const wanted = open.filter((one) => !there.has(one));
    if (wanted.length > 0) {
      this.#before ??= (await this.#manager.describeSystem(this.#shell)).packages;
      this.#shell.note(`the tests need ${wanted.join(', ')}`);
      const failure = await this.#manager.satisfy(this.#shell, wanted);
      if (failure) return failure;
    }
    for (const one of open) this.#met.add(one);
    return undefined;
  }

  /** `name version` of each package that has come since then. */
  async installed(): Promise<string[]> {
    const before = this.#before;
    if (!before) return [];
    const { packages } = await this.#manager.describeSystem(this.#shell);
    return [...packages].filter(([name, version]) => before.get(name) !== version).map((each) => each.join(' '));
  }

  async #programs(names: readonly string[]): Promise<ReadonlySet<string>> {
    if (names.length === 0) return new Set();
    const { stdout } = await this.#shell.run(['sh', '-c', PROGRAMS, 'sh', ...names], { reading: true });
    return new Set(decodeLines(stdout));
  }
}
