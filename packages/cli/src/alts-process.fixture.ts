import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** Of what a process costs, nearly half is the compiling of sources: that is done once, not by each. */
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/node-compile', import.meta.url));
export const WAITING_RUNNER = fileURLToPath(new URL('./waiting-runner.fixture.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when stderr and stdout together have had this text. */
  said(text: string): Promise<void>;
}

/** Starts the `alts` command from its sources, as a process of its own. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Started {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--conditions=@alts/source', MAIN, ...args], {
    cwd,
    env: { NODE_COMPILE_CACHE: COMPILED, ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Map<string, () => void>();
  const heard = (): void => {
    for (const [text, resolve] of waiting) if ((stdout + stderr).includes(text)) resolve();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    heard();
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.set(text, resolve);
      void finished.then((end) => reject(new Error(`ended without saying "${text}": ${JSON.stringify(end)}`)));
      heard();
    });
  return { child, finished, said };
}

/** Runs the `alts` command to its end. */
export function alts(args: readonly string[], env?: NodeJS.ProcessEnv, cwd?: string): Promise<Finished> {
  return start(args, env, cwd).finished;
}
