import { setTimeout as delay } from 'node:timers/promises';
import type { TestFramework } from '../framework.ts';

interface Recorded {
  readonly name: string;
  readonly body: () => Promise<void>;
}

export interface Outcome {
  readonly name: string;
  /** Undefined when the case passed. */
  readonly failure: Error | undefined;
}

/** A test framework that reports to us and not to a person: a case that fails is data. */
export class RecordingFramework implements TestFramework {
  readonly #cases: Recorded[] = [];
  readonly #groups: string[] = [];
  readonly #after: (() => Promise<void>)[] = [];

  readonly describe = (name: string, body: () => void): void => {
    this.#groups.push(name);
    body();
    this.#groups.pop();
  };

  readonly it = (name: string, body: () => Promise<void>): void => {
    this.#cases.push({ name: [...this.#groups.slice(1), name].join(': '), body });
  };

  readonly afterAll = (body: () => Promise<void>): void => {
    this.#after.push(body);
  };

  get names(): string[] {
    return this.#cases.map(({ name }) => name);
  }

  /** Runs the cases whose names have that text in them; one that does not end within the limit fails. */
  async run({ only = '', limitMs = 60_000 } = {}): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { name, body } of this.#cases.filter((one) => one.name.includes(only))) {
      const stop = new AbortController();
      const late = delay(limitMs, new Error('did not end'), { signal: stop.signal }).catch(() => undefined);
      const failure = body().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      outcomes.push({ name, failure: await Promise.race([failure, late]) });
      stop.abort();
    }
    for (const body of this.#after) await body();
    return outcomes;
  }
}
