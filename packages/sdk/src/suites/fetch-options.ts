import type { FetchContext } from '../contracts/test-suites.ts';
import type { DirectoryLimit } from './bounded-directory.ts';

export interface FetchOptions extends FetchContext {
  /** Of one suite. */
  readonly limit: DirectoryLimit;
}
