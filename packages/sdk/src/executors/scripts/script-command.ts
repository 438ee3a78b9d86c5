import type { Argv } from '../../contracts/environment.ts';
import type { TestKind } from '../../contracts/suite-result.ts';
import type { Script } from './read-script.ts';
import type { Shebang } from './shebang.ts';

/** How a file is run, and what that needs. */
export interface ScriptCommand {
  readonly kind: TestKind;
  readonly command: Argv;
  readonly requires: readonly string[];
  readonly note?: string | undefined;
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ksh', 'zsh']);
/** Interpreters whose package has the same name in both families. */
const PACKAGED: ReadonlySet<string> = new Set(['bash', 'dash', 'ksh', 'zsh', 'perl', 'ruby', 'expect']);
const PYTHON = /^python[23](\.\d+)?$/;

/**
 * The command for a file: as its extension says, else its shebang, else its mode; bash where nothing says anything.
 * @param path relative, with a `/` in it, so that no name is taken for an option or looked for in PATH
 */
export function scriptCommand(path: string, script: Script): ScriptCommand {
  const { shebang } = script;
  const program = shebang?.program ?? '';
  if (path.endsWith('.bats') || program === 'bats') {
    return { kind: 'bats', command: ['bats', '--tap', path], requires: ['bats'] };
  }
  const isPython = path.endsWith('.py') || /^python[\d.]*$/.test(program);
  if (isPython && (!shebang || program === 'python')) return withoutVersion(path, shebang);
  return {
    kind: isPython ? 'python' : kindOf(path, script),
    ...asItIs(path, script),
    ...(shebang?.hasCarriageReturn && { note: 'its first line ends with a carriage return: run without it' }),
  };
}

/** `python` is python3: Debian has no program of that name, and no python2 since 12 (PEP 394 leaves it open). */
function withoutVersion(path: string, shebang: Shebang | undefined): ScriptCommand {
  return {
    kind: 'python',
    command: ['python3', path],
    requires: ['python3'],
    ...(shebang && { note: 'it asks for python of no version: run with python3' }),
  };
}

function kindOf(path: string, { shebang, isElf }: Script): TestKind {
  if (shebang) return SHELLS.has(shebang.program) || /\.(ba)?sh$/.test(path) ? 'shell' : 'executable';
  return isElf ? 'executable' : 'shell';
}

function asItIs(path: string, script: Script): Pick<ScriptCommand, 'command' | 'requires'> {
  const { shebang, isElf } = script;
  const program = shebang?.program ?? (isElf ? '' : 'bash');
  const requires = PACKAGED.has(program) || PYTHON.test(program) ? [program] : [];
  return { command: kernelCommand(path, script, 'bash'), requires };
}

/**
 * A file as the kernel would run it if it were executable, which it need not be.
 * @param shell runs what has no first line that says what does
 */
export function kernelCommand(path: string, { shebang, executable, isElf }: Script, shell: string): Argv {
  if (!shebang) return isElf ? [path] : [shell, path];
  const { interpreter, argument, hasCarriageReturn } = shebang;
  if (executable && !hasCarriageReturn) return [path];
  return argument === undefined ? [interpreter, path] : [interpreter, argument, path];
}
