import type { Abortable, Environment } from '../contracts/environment.ts';
import { AltsError } from '../contracts/errors.ts';
import type { Collector } from '../contracts/facts.ts';
import type { LaterSnapshot, SystemSnapshot } from '../contracts/snapshot.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { pruned, type SnapshotFamily, snapshotScript } from './snapshot-script.ts';

/** Bytes; above what a system of a million files prints. */
const MAX_BYTES = 512 * 1024 * 1024;

async function takeSnapshot(
  environment: Environment,
  family: SnapshotFamily,
  before: SystemSnapshot | undefined,
  { signal }: Abortable,
): Promise<LaterSnapshot> {
  const reader = new SnapshotReader(family, before);
  let bytes = 0;
  const { end, stderr } = await environment.exec(
    ['sh', '-c', snapshotScript(family, before !== undefined), 'sh', ...pruned(family)],
    {
      signal,
      keepBytes: 4096,
      onOutput: ({ stream, bytes: chunk }) => {
        if (stream === 'stderr') return;
        bytes += chunk.length;
        if (bytes > MAX_BYTES)
          throw new AltsError('limit_exceeded', `a snapshot of the system has over ${MAX_BYTES} bytes`);
        reader.push(chunk);
      },
    },
  );
  if (end.type === 'exit' && end.code === 0 && reader.complete) return reader.snapshot;
  const said = Buffer.from(stderr).toString().trim() || (end.type === 'exit' ? `exit ${end.code}` : end.type);
  throw new AltsError('environment_lost', `the system cannot be looked through: ${said}`);
}

/** What is there before the package: one exec. */
export function systemBefore(family: SnapshotFamily): Collector<'system.before'> {
  return {
    fact: 'system.before',
    needs: [],
    moment: 'before',
    collect: (environment, _facts, _context, options) => takeSnapshot(environment, family, undefined, options),
  };
}

/** What is there in each phase, and who owns what is different: one exec. */
export function systemNow(family: SnapshotFamily): Collector<'system.now', 'system.before'> {
  return {
    fact: 'system.now',
    needs: ['system.before'],
    moment: 'each-phase',
    collect: (environment, facts, _context, options) =>
      takeSnapshot(environment, family, facts['system.before'], options),
  };
}
