import { keepEngine } from './engine-users.mjs';
import { main } from './main.mjs';
import { engineEnvironment, prepareDocker, prepareNode } from './prepare.mjs';
import { ALTS, program, repositoryEnvironment } from './repository.mjs';
import { run } from './run-command.mjs';
import { seconds } from './step.mjs';

const EXAMPLE = ['test', 'hello', '--on', 'debian:12'];
const startedAt = Date.now();

const NEXT = `
That was: npx alts ${EXAMPLE.join(' ')}
Go on with:
  npx alts test nginx-light --on debian:12 --on debian:13   another package, two systems side by side
  npx alts test ./my-package.deb --on debian:12             a package of your own
  npx alts test --help                                      everything it can do
  README.md, examples/                                      the same from TypeScript
The Docker Engine stays on. Reports and logs are in alts-results/.`;

async function quickstart() {
  await prepareNode();
  const address = await prepareDocker(['debian:12']);
  keepEngine();
  console.log(`\nReady after ${seconds(startedAt)}. Now: npx alts ${EXAMPLE.join(' ')}\n`);
  const env = { ...repositoryEnvironment(), ...engineEnvironment(address) };
  const { code } = await run(program('node'), [ALTS, ...EXAMPLE], { live: true, env });
  if (code === 0) console.log(NEXT);
  else console.error(`\nThe test did not pass: npx alts ${EXAMPLE.join(' ')} ended with exit code ${code}.`);
  return code;
}

main(quickstart);
