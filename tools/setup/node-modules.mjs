import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { cloneId, machineEnvironment, program, ROOT } from './repository.mjs';
import { must, run } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const STAMP = join(ROOT, 'node_modules', '.alts-stamp');

function fingerprint() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex');
}

function installed() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return 'nothing';
  }
}

/** Whether what was installed is still there: `git clean` takes the node_modules of a workspace away, and not ours. */
function complete() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const needed = Object.entries(packages).filter(([, { optional, devOptional }]) => !optional && !devOptional);
  return needed.every(([path]) => existsSync(join(ROOT, path)));
}

async function nodeOfTheRepository() {
  const { code, output } = await run(program('node'), ['--version'], { timeoutMs: 30_000 });
  return code === 0 ? output.trim() : undefined;
}

/** Installs what package-lock.json says, once for each package-lock.json. */
export function ensureModules() {
  return withLock(`clone-${cloneId}`, async () => {
    const wanted = fingerprint();
    if (installed() === wanted && complete()) {
      const version = await nodeOfTheRepository();
      if (version) return `up to date, Node ${version}`;
    }
    // The machine's npm on the machine's Node: `npm ci` begins by deleting the other one.
    const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
    await must('installing packages', 'npm', args, { env: machineEnvironment() });
    const version = await nodeOfTheRepository();
    if (!version) {
      throw new SetupError(
        'npm installed the package `node` without running its install script, which brings Node 24: ' +
          'is `ignore-scripts` set in your npm configuration?',
      );
    }
    writeFileSync(STAMP, wanted);
    return `installed, Node ${version}`;
  });
}
