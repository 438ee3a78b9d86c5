import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { releaseEngine } from './engine-users.mjs';
import { leases, leftovers, removeLeftovers } from './leftovers.mjs';
import { main } from './main.mjs';
import { engineEnvironment, prepareDocker, prepareNode, preparePrograms, prepareRpm } from './prepare.mjs';
import { DOCKER_PROGRAMS, UNIT_PROGRAMS } from './programs.mjs';
import { program, ROOT, repositoryEnvironment } from './repository.mjs';
import { explain } from './step.mjs';
import { Tally } from './tally.mjs';
import { runVitest } from './vitest-run.mjs';

const IMAGES = ['debian:11', 'debian:12', 'debian:13'];
const inCi = Boolean(process.env.CI) && process.env.CI !== 'false';

const STATIC = [
  ['format', 'npm', ['run', '--silent', 'format:check']],
  ['lint', 'npm', ['run', '--silent', 'lint']],
  ['typecheck', 'npm', ['run', '--silent', 'typecheck', '--', '--output-logs=errors-only', '--ui=stream']],
  ['pack-check', 'npm', ['run', '--silent', 'pack-check', '--', '--output-logs=errors-only', '--ui=stream']],
];
/** Programs that test the repository from outside; they exit with 0 when all is well. */
const PROGRAMS = [
  ['examples', 'examples/run.ts'],
  ['consumer', 'test/consumer/run.ts'],
];

async function dockerTests(tally, patterns, stopped) {
  let address;
  try {
    address = await prepareDocker(IMAGES);
    await prepareRpm(address);
    await preparePrograms(DOCKER_PROGRAMS);
  } catch (error) {
    console.log(explain(error));
    if (inCi) tally.add('Docker Engine and base images', { failed: 1 });
    else tally.add('tests that need Docker (see above what is missing)', { skipped: 1 });
    return;
  }
  const env = { ...repositoryEnvironment(), ...engineEnvironment(address) };
  const before = await leases(address);
  const { passed, failed, skipped } = await runVitest(tally, 'docker', patterns, env);
  if (inCi && skipped > 0) tally.add(`no Docker test may be skipped in CI, ${skipped} were`, { failed: 1 });
  for (const [name, file] of patterns.length > 0 ? [] : PROGRAMS) {
    if (!stopped() && existsSync(join(ROOT, file))) await tally.command(name, program('node'), [file], { env });
  }
  const left = await leftovers(address, before);
  await removeLeftovers(address, left);
  if (patterns.length > 0 && passed + failed === 0) return;
  await tally.check('leftovers', async () => {
    const lines = left.map(({ what }) => `  ${what}`);
    return left.length > 0 ? `left behind on the Docker Engine, and removed now:\n${lines.join('\n')}` : undefined;
  });
}

async function steps(tally, patterns, stopped) {
  await prepareNode();
  await preparePrograms(UNIT_PROGRAMS);
  for (const [name, command, args] of patterns.length > 0 ? [] : STATIC) {
    if (!stopped()) await tally.command(name, command, args);
  }
  if (!stopped()) await runVitest(tally, 'unit', patterns, repositoryEnvironment());
  if (!stopped()) await dockerTests(tally, patterns, stopped);
}

async function test(stopped) {
  const patterns = process.argv.slice(2);
  const tally = new Tally();
  try {
    await steps(tally, patterns, stopped);
  } catch (error) {
    console.log(`\n${explain(error)}`);
    tally.add('set-up', { failed: 1 });
  }
  const said = await releaseEngine().catch(explain);
  if (said) console.log(said);
  return tally.finish(patterns);
}

main(test);
