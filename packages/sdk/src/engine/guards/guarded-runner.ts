import type { Environment } from '../../contracts/environment.ts';
import { AltsError } from '../../contracts/errors.ts';
import type { EnvironmentSpec, ProvisionContext, Runner } from '../../contracts/runner.ts';

/**
 * Provisions, but never waits longer than the signal says, whatever the runner does with it. An environment that
 * arrives after that is removed instead of leaked.
 * @throws the signal's reason, or what the runner threw as an {@link AltsError}
 */
export async function provision(
  runner: Runner,
  spec: EnvironmentSpec,
  context: ProvisionContext,
): Promise<Environment> {
  const { signal } = context;
  signal?.throwIfAborted();
  const pending = runner.provision(spec, context);
  const settled = pending.then(
    (environment) => ({ environment }),
    (error: unknown) => ({ error }),
  );
  const outcome = await Promise.race([settled, whenAborted(signal)]);
  if ('environment' in outcome) return outcome.environment;
  if ('error' in outcome) {
    signal?.throwIfAborted();
    throw AltsError.from(outcome.error);
  }
  // A runner that obeys the signal is nearly done; one that does not is not waited for.
  void pending.then((late) => runner.remove(late.id)).catch(() => {});
  const obeyed = await Promise.race([settled, grace()]);
  if (obeyed && 'environment' in obeyed) await runner.remove(obeyed.environment.id).catch(() => {});
  throw outcome.aborted;
}

/** How long a runner has to undo what it began. The reaper looks after the rest. */
const GRACE_MS = 10_000;

function grace(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), GRACE_MS).unref();
  });
}

function whenAborted(signal: AbortSignal | undefined): Promise<{ aborted: unknown }> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve({ aborted: signal.reason }), { once: true });
  });
}
