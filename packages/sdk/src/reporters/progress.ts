import type { TestEvent } from '../contracts/events.ts';

/** Where progress is written to: a terminal, a pipe. */
export interface ProgressOutput {
  write(text: string): unknown;
  /** Of a terminal. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Shows several tests while they run. */
export interface Progress {
  /** @param label what the test's lines start with; empty when there is but one test */
  event(label: string, event: TestEvent): void;
  /** A line that stays. */
  line(text: string): void;
  /** Takes away whatever would not stay. */
  close(): void;
}

/** Puts a label before a line. */
export function labelled(label: string, text: string): string {
  return label ? `${label}  ${text}` : text;
}
