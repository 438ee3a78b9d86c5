import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AltsError, safeLine } from '@alts/sdk';
import { BUILT_IN_RUNNERS, createRunner, imageTools } from './container.ts';
import { EXIT } from './exit-codes.ts';

/** How long one question may go unanswered. */
const ANSWER_MS = 10_000;

/** One thing looked at; `why` it does not work, or what is there. */
interface Diagnosis {
  readonly what: string;
  readonly works: boolean;
  readonly said: string;
}

/** `alts doctor`. @returns 0 when a test can run: some runner works */
export async function diagnose(): Promise<number> {
  const runners = await Promise.all(BUILT_IN_RUNNERS.map(askRunner));
  const canRun = runners.some(({ works }) => works);
  const others = await Promise.all([askImages(canRun), askMmdebstrap()]);
  const { BUILDABLE } = await imageTools();
  const lines: Diagnosis[] = [
    { what: 'node', works: true, said: process.versions.node },
    ...runners,
    ...others,
    { what: 'buildable', works: true, said: `${Object.keys(BUILDABLE).join(', ')} (alts image build)` },
  ];
  for (const { what, works, said } of lines) {
    process.stdout.write(`${works ? '✓' : '✗'} ${what.padEnd(11)} ${safeLine(said, 500)}\n`);
  }
  process.stdout.write(canRun ? 'A test can run.\n' : 'No test can run: no runner works.\n');
  return canRun ? EXIT.passed : EXIT.error;
}

/** A question with an end, and an answer even when it fails. */
async function ask(what: string, question: (signal: AbortSignal) => Promise<string>): Promise<Diagnosis> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
  });
  try {
    return { what, works: true, said: await Promise.race([question(signal), late]) };
  } catch (error) {
    return { what, works: false, said: AltsError.from(error).message };
  }
}

function askRunner(name: string): Promise<Diagnosis> {
  return ask(name, async (signal) => {
    const runner = await createRunner({ runner: name });
    return (await runner.probe?.({ signal })) ?? 'is there; it cannot be asked';
  });
}

function askImages(engineWorks: boolean): Promise<Diagnosis> {
  return ask('images', async () => {
    if (!engineWorks) throw new Error('cannot be listed without an engine');
    const { listImages } = await imageTools();
    const names = (await listImages()).map(({ name }) => name);
    return names.length > 0 ? names.join(', ') : 'none yet: they are pulled when needed, or made by alts image build';
  });
}

function askMmdebstrap(): Promise<Diagnosis> {
  return ask('mmdebstrap', async (signal) => {
    try {
      const { stdout } = await promisify(execFile)('mmdebstrap', ['--version'], { signal });
      return stdout.trim();
    } catch (cause) {
      throw new Error('is not installed; only "alts image build" needs it', { cause });
    }
  });
}
