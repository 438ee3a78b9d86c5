import type { SuiteSpec } from '../../contracts/suite.ts';
import type { LocalSuite, SuiteTarget } from '../../contracts/suite-plan.ts';
import type { StageContext } from '../test-state.ts';
import type { Deadline } from '../time-limit.ts';
import type { SuitePlace } from './bring-in.ts';
import type { OrdinaryUser } from './ordinary-user.ts';
import type { SuiteTools } from './suite-tools.ts';

/** One suite while its tests run. */
export interface SuiteRun {
  readonly context: StageContext;
  /** Its place in the request, from 0. */
  readonly index: number;
  readonly spec: SuiteSpec;
  readonly suite: LocalSuite;
  readonly place: SuitePlace;
  readonly target: SuiteTarget;
  readonly tools: SuiteTools;
  /** Whoever runs the tests that are not for the superuser; there when there are such tests. */
  readonly user: OrdinaryUser | undefined;
  /** Of all its tests together. */
  readonly deadline: Deadline;
}
