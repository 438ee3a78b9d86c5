import type { SkippableStage, SkipSubject } from './skip.ts';

/** One stage that a document excludes a package from. */
export interface Exclusion {
  readonly stage: SkippableStage;
  /** One sentence that names the document and what of it fitted. */
  readonly reason: string;
}

/** What a document says of one package on one system. */
export interface ExcludedFrom {
  readonly exclusions: readonly Exclusion[];
  /** Steps that the document names for it and that are not known here, a sentence each. */
  readonly unknown: readonly string[];
}

/** An exclusion document: of packages, by system, the stages that are skipped. */
export interface Exclusions {
  /** Where it came from; without user, password and query. */
  readonly source: string;
  /** Why nothing of it is known: it could not be had. */
  readonly unavailable?: string | undefined;
  /** Why an earlier copy is used. */
  readonly outdated?: string | undefined;
  for(subject: SkipSubject): ExcludedFrom;
}
