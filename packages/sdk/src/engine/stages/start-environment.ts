import { knownFamily } from '../../contracts/distributions.ts';
import type { Environment } from '../../contracts/environment.ts';
import { AltsError } from '../../contracts/errors.ts';
import type { Lease } from '../../contracts/runner.ts';
import type { Family } from '../../contracts/system.ts';
import { formatSystem } from '../../contracts/system.ts';
import { currentOwner, KEPT } from '../../machine/owner.ts';
import { assertFitsFamily } from '../family-rules.ts';
import { provision } from '../guards/guarded-runner.ts';
import { familyOf, parseOsRelease } from '../os-release.ts';
import type { Plan } from '../plan.ts';
import { readingEnvironment } from '../reading-environment.ts';
import { PASSED, type StageContext, type StageOutcome } from '../test-state.ts';

/** How long a kept environment may stay. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** What a test may take beyond its limit before the reaper of another process thinks it abandoned. */
const MARGIN_MS = 10 * 60 * 1000;

function leaseFor({ taskId, keep, request }: Plan): Lease {
  if (keep) return { taskId, owner: KEPT, deadline: new Date(Date.now() + KEEP_MS) };
  const { test, stop_environment } = request.timeoutsMs;
  return { taskId, owner: currentOwner(), deadline: new Date(Date.now() + test + stop_environment + MARGIN_MS) };
}

/** The table's word for distributions that are in it, the system's own for any other. */
async function findFamily(environment: Environment, distribution: string, signal: AbortSignal): Promise<Family> {
  const known = knownFamily(distribution);
  if (known) return known;
  const paths = ['/etc/os-release', '/usr/lib/os-release'];
  for await (const file of environment.read(paths, { signal })) {
    if (file.type !== 'file') continue;
    const family = familyOf(parseOsRelease(Buffer.from(file.content).toString('utf8')));
    if (family) return family;
  }
  throw new AltsError('wrong_system', `${distribution}: os-release names no distribution with rpm or deb packages`);
}

/** The runner makes a clean system. */
export async function startEnvironment(context: StageContext): Promise<StageOutcome> {
  const { plan, state, log, signal } = context;
  if (state.noBaseline) throw state.noBaseline;
  const { runner, packageManagers } = plan.parts;
  const { system, resources } = plan.request;
  const onProgress = (line: string): void => void log.note(line);
  const spec = { system, resources };
  const environment = await provision(runner, spec, { lease: leaseFor(plan), signal, onProgress });
  state.environment = environment;
  state.reader = readingEnvironment(environment);
  await log.note(`${runner.name}: ${environment.id} is a clean ${formatSystem(environment.system)}`);
  if (environment.image) await log.note(`image ${environment.image.name} (${environment.image.digest})`);
  const family = await findFamily(environment, system.distribution, signal);
  const manager = packageManagers.find((candidate) => candidate.family === family);
  if (!manager)
    throw new AltsError('not_supported', `nothing here handles the ${family} packages of ${formatSystem(system)}`);
  assertFitsFamily(plan.request, family);
  state.packageManager = manager;
  return PASSED;
}
