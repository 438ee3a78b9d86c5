/** The first line of a script, as the kernel reads it. */
export interface Shebang {
  /** Absolute, or as it is written. */
  readonly interpreter: string;
  /** All that follows it: the kernel makes one argument of it. */
  readonly argument?: string | undefined;
  /** Name of what interprets the script in the end: `python3` of `/usr/bin/env python3`. */
  readonly program: string;
  /** The line ends with a carriage return, which the kernel takes for part of the name. */
  readonly hasCarriageReturn: boolean;
}

/**
 * Reads `#!interpreter argument`.
 * Source: execve(2), «Interpreter scripts»; env(1), of which `-S` and other options are passed over.
 * @param beginning of the file; the kernel reads 255 bytes
 */
export function parseShebang(beginning: string): Shebang | undefined {
  const [line = ''] = beginning.split('\n', 1);
  const match = /^#![ \t]*([^ \t\r]+)(?:[ \t]+([^\r]*?))?[ \t]*(\r?)$/.exec(line);
  if (!match) return undefined;
  const [, interpreter = '', argument = '', carriageReturn] = match;
  return {
    interpreter,
    ...(argument !== '' && { argument }),
    program: programOf(interpreter, argument),
    hasCarriageReturn: carriageReturn === '\r',
  };
}

function programOf(interpreter: string, argument: string): string {
  const own = baseName(interpreter);
  if (own !== 'env') return own;
  const words = argument.split(/[ \t]+/).map((word) => word.replace(/^-[a-z]*S/, ''));
  const named = words.find((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
  return named === undefined ? own : baseName(named);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
