import { AltsError, type LifecycleStep, STEPS, type Step } from '@alts/sdk/plugin';

/** What may follow a step after `=`. */
const FIELDS: Partial<Record<Step, 'from' | 'to'>> = { upgrade: 'from', downgrade: 'to' };

/**
 * `install,upgrade=1.0,remove`: the steps of a life cycle, of an upgrade the version that it goes from, of a downgrade the
 * one that it goes to. How many there may be, and versions, are left to the schema of the request.
 * @throws {AltsError} `invalid_request`
 */
export function parseLifecycle(text: string): LifecycleStep[] {
  return text.split(',').map((word) => {
    const separator = word.indexOf('=');
    const written = separator < 0 ? word : word.slice(0, separator);
    const step = STEPS.find((known) => known === written);
    if (step === undefined) throw refuse(`unknown step ${JSON.stringify(written)}; known are ${STEPS.join(', ')}`);
    if (separator < 0) return step;
    const field = FIELDS[step];
    if (field === undefined)
      throw refuse(`${JSON.stringify(word)}: a version is understood after upgrade and downgrade`);
    return { step, [field]: word.slice(separator + 1) } as LifecycleStep;
  });
}

function refuse(message: string): AltsError {
  return new AltsError('invalid_request', `--lifecycle: ${message}`);
}
