import { spawn } from 'node:child_process';
import { machineEnvironment, ROOT, repositoryEnvironment } from './repository.mjs';
import { SetupError } from './setup-error.mjs';

/** Far more than any of our programs prints; beyond it, the end of the output is kept. */
const KEPT_BYTES = 16 * 1024 * 1024;
const MINUTES = 60_000;
const running = new Set();

/** Ends what still runs, for a run that is interrupted. */
export function stopCommands() {
  for (const child of running) child.kill('SIGTERM');
}

function keepEnd() {
  const chunks = [];
  let size = 0;
  return {
    push(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      while (chunks.length > 1 && size - chunks[0].length > KEPT_BYTES) size -= chunks.shift().length;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/**
 * Runs a program without a shell and without standard input. `live` lets it write to our own output, else its output is
 * in the result, standard output and error together. A program that is not there has code 127, one out of time 124.
 */
export function run(command, args, { env = repositoryEnvironment(), live = false, timeoutMs = 30 * MINUTES } = {}) {
  return new Promise((resolve) => {
    const output = keepEnd();
    const stdio = live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd: ROOT, env, stdio });
    running.add(child);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      output.push(Buffer.from(`\n${command} was stopped: it took longer than ${Math.round(timeoutMs / 1000)} s\n`));
      child.kill('SIGTERM');
    }, timeoutMs);
    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: late ? 124 : code, output: output.text() });
    };
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => {
      output.push(Buffer.from(`${command}: ${error.message}\n`));
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 128));
  });
}

/** As {@link run}, for what must succeed: else a {@link SetupError} with the whole output. */
export async function must(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  throw new SetupError(`${what} failed: ${[command, ...args].join(' ')} ended with exit code ${code}`, { output });
}

/** Whether a program is on the machine. */
export async function has(command, args = ['--version']) {
  return (await run(command, args, { env: machineEnvironment() })).code !== 127;
}
