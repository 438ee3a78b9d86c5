import { z } from 'zod';
import { ReportedFinding, StageResult, Verdict } from './report.ts';
import { TaskId } from './request.ts';
import { StageName } from './stages.ts';
import { SuiteTest } from './suite-result.ts';

const Event = z.object({
  taskId: TaskId,
  /** 0, 1, 2, … without a gap within one test: a reader sees whether it lost any. */
  sequence: z.int().nonnegative(),
  at: z.iso.datetime(),
});

/** What happens during a test, in the order in which it happens. */
export const TestEvent = z.discriminatedUnion('type', [
  Event.extend({ type: z.literal('stage-started'), stage: StageName }),
  /** A piece of output: valid UTF-8, control characters as they came. `notice` is ALTS speaking, not a command. */
  Event.extend({
    type: z.literal('output'),
    stage: StageName,
    stream: z.enum(['stdout', 'stderr', 'notice']),
    text: z.string(),
  }),
  Event.extend({ type: z.literal('finding'), finding: ReportedFinding }),
  /** `suite`: its place in the request, from 0. */
  Event.extend({ type: z.literal('test-finished'), suite: z.int().nonnegative(), test: SuiteTest }),
  Event.extend({ type: z.literal('stage-finished'), result: StageResult }),
  /** Always the last. */
  Event.extend({ type: z.literal('verdict'), verdict: Verdict }),
]);
export type TestEvent = z.infer<typeof TestEvent>;
