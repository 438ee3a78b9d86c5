import type { TestReport } from '../contracts/report.ts';
import type { ArtifactKey } from '../contracts/result-store.ts';

/** The end of an artifact, as far as it was read; or why it could not be. */
export type ArtifactTail =
  | {
      /** What the bytes say as UTF-8; of unknown origin, not made safe. */
      readonly text: string;
      /** Bytes of the whole artifact. */
      readonly size: number;
      /** Whether there is more before it. */
      readonly cut: boolean;
    }
  | { readonly problem: string };

/** What a reporter may read besides the reports. */
export interface ArtifactReader {
  /**
   * The last bytes of an artifact, from the beginning of a line on where there is more. Never rejects: a log that
   * cannot be read is no reason to have no report.
   * @param limit bytes
   */
  tail(key: ArtifactKey, limit: number): Promise<ArtifactTail>;
}

/** Writes one document about tests that have ended, whatever their verdict. Changes nothing and keeps nothing. */
export type Reporter = (reports: readonly TestReport[], artifacts: ArtifactReader) => string | Promise<string>;
