import { PASSED, type StageContext, type StageOutcome } from '../test-state.ts';

/** The environment goes, or is handed to the person who asked to keep it. Runs whatever happened. */
export async function stopEnvironment({ plan, state, log, signal }: StageContext): Promise<StageOutcome> {
  const { environment } = state;
  if (!environment) return { status: 'skipped', reason: 'no environment was started' };
  const closing = state.reader?.close();
  if (plan.keep) {
    await closing;
    await environment.disconnect?.();
    const { enter, remove } = environment.access ?? {};
    if (enter && remove) await log.note(`kept for a day: enter it with "${enter}", remove it with "${remove}"`);
    return { status: 'skipped', reason: `${environment.id} is kept, as asked` };
  }
  await plan.parts.runner.remove(environment.id, { signal });
  await log.note(`${environment.id} is gone`);
  return PASSED;
}
