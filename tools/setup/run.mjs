import { resolve } from 'node:path';
import { keepEngine } from './engine-users.mjs';
import { main } from './main.mjs';
import { engineEnvironment, prepareDocker, prepareNode, preparePrograms } from './prepare.mjs';
import { BENCH_PROGRAMS } from './programs.mjs';
import { program, repositoryEnvironment } from './repository.mjs';
import { run } from './run-command.mjs';

/** Sets everything up for a measurement, then runs its TypeScript file of the repository against the built packages. */
async function runFile([file, ...args]) {
  if (!file) throw new Error('usage: node tools/setup/run.mjs <file.ts> [argument ...]');
  await prepareNode();
  await preparePrograms(BENCH_PROGRAMS);
  const address = await prepareDocker(['debian:12']);
  keepEngine();
  console.log('');
  const env = { ...repositoryEnvironment(), ...engineEnvironment(address) };
  return (await run(program('node'), [resolve(file), ...args], { live: true, env, timeoutMs: 4 * 60 * 60_000 })).code;
}

main(() => runFile(process.argv.slice(2)));
