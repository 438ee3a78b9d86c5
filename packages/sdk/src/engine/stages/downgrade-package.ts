import { chooseOlder } from '../lifecycle/choose-older.ts';
import { ensureTested } from '../lifecycle/install-tested.ts';
import { installOlder } from '../lifecycle/put-older.ts';
import { failed, PASSED, type StageContext, type StageOutcome } from '../test-state.ts';

/** Puts an older version in the place of the one under test, as a person does who is not content with it. */
export async function downgradePackage(context: StageContext): Promise<StageOutcome> {
  const { shell, planned, record } = context;
  const { step } = planned;
  const asked = typeof step === 'object' && step.step === 'downgrade' ? step.to : undefined;
  const chosen = await chooseOlder(context, asked);
  if ('skip' in chosen) return { status: 'skipped', reason: chosen.skip };
  if ('reason' in chosen) return failed(chosen);
  const { name, older, version } = chosen;
  record.versions = { from: version, to: older };
  const before = await ensureTested(context);
  if (before) return failed(before);
  shell.note(`${name} is downgraded from ${version} to ${older}`);
  const failure = await installOlder(context, older, { downgrade: true });
  return failure ? failed(failure) : PASSED;
}
