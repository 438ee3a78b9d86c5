import type { InjectionToken } from 'tsyringe';
import type { Checker } from '../contracts/checker.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import type { ResultStore } from '../contracts/result-store.ts';
import type { Runner } from '../contracts/runner.ts';
import type { TestSuites } from '../contracts/test-suites.ts';
import type { ReportArtifact } from '../engine/plan.ts';

/**
 * What a program is composed of. `Symbol.for`, so that two copies of the SDK in one process mean the same. The cast and
 * not an annotation: with an annotation `resolve` would give `unknown`.
 */
export const TOKENS = {
  runner: Symbol.for('@alts/runner') as InjectionToken<Runner>,
  resultStore: Symbol.for('@alts/result-store') as InjectionToken<ResultStore>,
  packageManagers: Symbol.for('@alts/package-managers') as InjectionToken<readonly PackageManager[]>,
  checkers: Symbol.for('@alts/checkers') as InjectionToken<readonly Checker[]>,
  reportArtifacts: Symbol.for('@alts/report-artifacts') as InjectionToken<readonly ReportArtifact[]>,
  suites: Symbol.for('@alts/test-suites') as InjectionToken<TestSuites>,
} as const;
