import type { Environment, ExecOptions, Runner } from '@alts/sdk/plugin';

/** A runner that is right but for one thing, and the sentence of the case that has to see it. */
export interface Broken<Subject> {
  readonly fault: string;
  /** Part of `group: sentence`. */
  readonly breaks: string;
  readonly make: (right: Subject) => Subject;
  /** For a fault that shows as a case without an end. */
  readonly limitMs?: number;
}

export function brokenRunner(change: (runner: Runner) => Partial<Runner>): (runner: Runner) => Runner {
  return (runner) => ({ ...runner, ...change(runner) });
}

/** Every environment that the runner makes has the fault. */
export function brokenEnvironment(
  change: (environment: Environment) => Partial<Environment>,
): (runner: Runner) => Runner {
  return brokenRunner((runner) => ({
    provision: async (spec, context) => {
      const environment = await runner.provision(spec, context);
      return { ...environment, ...change(environment) };
    },
  }));
}

export function brokenExec(
  exec: (right: Environment['exec'], ...args: Parameters<Environment['exec']>) => ReturnType<Environment['exec']>,
): (runner: Runner) => Runner {
  return brokenEnvironment((environment) => ({
    exec: (command, options) => exec(environment.exec, command, options),
  }));
}

/** Options that were not understood. */
export const without = (options: ExecOptions | undefined, ...names: (keyof ExecOptions)[]): ExecOptions =>
  Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => !names.includes(name as keyof ExecOptions)));
