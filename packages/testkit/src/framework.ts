/**
 * What a suite needs of a test framework. Those of vitest and jest fit as they are; for node:test write
 * `{ describe, it, afterAll: (body) => after(body) }`.
 */
export interface TestFramework {
  describe(name: string, body: () => void): void;
  /** `timeoutMs` is a hint: frameworks that know no such argument ignore it. */
  it(name: string, body: () => Promise<void>, timeoutMs?: number): void;
  afterAll(body: () => Promise<void>, timeoutMs?: number): void;
}

/** One case of a suite: a sentence, and what proves it. */
export interface Case<Subject> {
  readonly name: string;
  run(subject: Subject): Promise<void>;
}

/** A case may start several environments; on a virtual machine that takes its time. */
export const CASE_TIMEOUT_MS = 300_000;
